import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

const number = '^[0-9]+$';
const seconds = '^[1-9][0-9]{8,9}$';
const availabilityZone = '^[a-z0-9]+-[a-z0-9-]+$';

const id = (name: string, prefix: string): Field => ({ name, type: 'token', pattern: `^${prefix}-[0-9A-Za-z]+$` });
const address = (name: string): Field => ({ name, type: 'ip', pattern: addressPattern });
const integer = (name: string): Field => ({ name, type: 'integer', pattern: number });
const text = (name: string): Field => ({ name, type: 'text' });
/** Keys and values of tags are percent-encoded. */
const tag = (name: string): Field => ({ name, type: 'text', encoding: 'percent' });

/** https://www.iana.org/assignments/protocol-numbers */
const protocols = {
  '1': 'ICMP',
  '2': 'IGMP',
  '4': 'IPv4',
  '6': 'TCP',
  '17': 'UDP',
  '41': 'IPv6',
  '47': 'GRE',
  '50': 'ESP',
  '51': 'AH',
  '58': 'ICMPv6',
  '89': 'OSPF',
  '112': 'VRRP',
  '132': 'SCTP',
};

/**
 * VPC flow log records: the 14 fields of the default format in order, then those added by versions 3 to 11, then those
 * of transit gateways only.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export const fields: readonly Field[] = [
  integer('version'),
  { name: 'account-id', type: 'token', pattern: '^([0-9]+|unknown)$' },
  id('interface-id', 'eni'),
  address('srcaddr'),
  address('dstaddr'),
  integer('srcport'),
  integer('dstport'),
  { ...integer('protocol'), names: protocols },
  integer('packets'),
  integer('bytes'),
  { name: 'start', type: 'epoch-seconds', pattern: seconds },
  { name: 'end', type: 'epoch-seconds', pattern: seconds },
  { name: 'action', type: 'token', pattern: '^(ACCEPT|REJECT)$' },
  { name: 'log-status', type: 'token', pattern: '^(OK|NODATA|SKIPDATA)$', names: { OK: '' } },
  id('vpc-id', 'vpc'),
  id('subnet-id', 'subnet'),
  id('instance-id', 'm?i'),
  integer('tcp-flags'),
  { name: 'type', type: 'token', pattern: '^(IPv4|IPv6|EFA)$' },
  address('pkt-srcaddr'),
  address('pkt-dstaddr'),
  { name: 'region', type: 'token', pattern: '^[a-z]+(-[a-z]+)+-[0-9]+$' },
  { name: 'az-id', type: 'token', pattern: availabilityZone },
  text('sublocation-type'),
  text('sublocation-id'),
  text('pkt-src-aws-service'),
  text('pkt-dst-aws-service'),
  { name: 'flow-direction', type: 'token', pattern: '^(ingress|egress)$' },
  integer('traffic-path'),
  text('ecs-cluster-arn'),
  text('ecs-cluster-name'),
  text('ecs-container-instance-arn'),
  text('ecs-container-instance-id'),
  text('ecs-container-id'),
  text('ecs-second-container-id'),
  text('ecs-service-name'),
  text('ecs-task-definition-arn'),
  text('ecs-task-arn'),
  text('ecs-task-id'),
  text('reject-reason'),
  text('resource-id'),
  integer('encryption-status'),
  tag('instance-tag'),
  tag('instance-tag-2'),
  tag('interface-tag'),
  tag('interface-tag-2'),
  tag('asg-tag'),
  tag('asg-tag-2'),
  text('interface-type'),
  id('next-hop-interface-id', 'eni'),
  id('next-hop-subnet-id', 'subnet'),
  text('next-hop-az-id'),
  id('next-hop-vpc-id', 'vpc'),
  text('next-hop-interface-type'),
  text('resource-type'),
  id('tgw-id', 'tgw'),
  id('tgw-attachment-id', 'tgw-attach'),
  text('tgw-src-vpc-account-id'),
  text('tgw-dst-vpc-account-id'),
  id('tgw-src-vpc-id', 'vpc'),
  id('tgw-dst-vpc-id', 'vpc'),
  id('tgw-src-subnet-id', 'subnet'),
  id('tgw-dst-subnet-id', 'subnet'),
  id('tgw-src-eni', 'eni'),
  id('tgw-dst-eni', 'eni'),
  { name: 'tgw-src-az-id', type: 'token', pattern: availabilityZone },
  { name: 'tgw-dst-az-id', type: 'token', pattern: availabilityZone },
  id('tgw-pair-attachment-id', 'tgw-attach'),
  integer('packets-lost-no-route'),
  integer('packets-lost-blackhole'),
  integer('packets-lost-mtu-exceeded'),
  integer('packets-lost-ttl-expired'),
];

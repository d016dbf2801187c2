import type { Format } from '../format.ts';
import { fields } from './fields.ts';

export const globalAccelerator: Format = {
  name: 'global-accelerator',
  title: 'AWS Global Accelerator flow logs',
  reference: 'https://docs.aws.amazon.com/global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html',
  fields,
  headerless: 'whole',
  framing: { kind: 'tokens', least: 22 },
  commentPrefix: 'version aws_account_id ',
  isStrict: true,
  requires: [['accelerator_id'], ['ip_address_type'], ['log_status'], ['direction']],
  times: ['end_time', 'start_time'],
  event: {
    columns: {
      message:
        '{direction}[ {action}][ {protocol}][ {client_ip}][:{client_port}][ via {accelerator_ip}][ to {endpoint_ip}][:{endpoint_port}]' +
        '[, {packets} packets][, {bytes} bytes][, {reject_reason}]',
      service: '{accelerator_id}',
      host: '{endpoint_ip}',
    },
    levels: [{ level: 'WARN', field: 'action', pattern: '^REJECT$' }],
  },
};

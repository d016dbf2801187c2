import { alb } from './alb/format.ts';
import { albConnection } from './alb-connection/format.ts';
import { caddy } from './caddy/format.ts';
import { cloudfrontConnection } from './cloudfront-connection/format.ts';
import { cloudfrontRealtime } from './cloudfront-realtime/format.ts';
import { cloudfrontStandard } from './cloudfront-standard/format.ts';
import { cloudtrail } from './cloudtrail/format.ts';
import { combined } from './combined/format.ts';
import { elb } from './elb/format.ts';
import { envoy } from './envoy/format.ts';
import { envoyText } from './envoy-text/format.ts';
import type { Format } from './format.ts';
import { globalAccelerator } from './global-accelerator/format.ts';
import { haproxy } from './haproxy/format.ts';
import { iis } from './iis/format.ts';
import { jsonAccess } from './json-access/format.ts';
import { lighttpd } from './lighttpd/format.ts';
import { ltsv } from './ltsv/format.ts';
import { networkFirewall } from './network-firewall/format.ts';
import { nlb } from './nlb/format.ts';
import { route53Query } from './route53-query/format.ts';
import { route53Resolver } from './route53-resolver/format.ts';
import { s3Access } from './s3-access/format.ts';
import { traefik } from './traefik/format.ts';
import { vpcFlow } from './vpc-flow/format.ts';
import { w3c } from './w3c/format.ts';
import { waf } from './waf/format.ts';

/** The one list of formats; detection tries them in this order. */
export const formats: readonly Format[] = [
  cloudfrontStandard,
  cloudfrontRealtime,
  alb,
  elb,
  nlb,
  s3Access,
  waf,
  albConnection,
  cloudfrontConnection,
  vpcFlow,
  cloudtrail,
  route53Resolver,
  route53Query,
  globalAccelerator,
  networkFirewall,
  traefik,
  caddy,
  envoy,
  envoyText,
  jsonAccess,
  ltsv,
  haproxy,
  lighttpd,
  combined,
  iis,
  w3c,
];

export function findFormat(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}

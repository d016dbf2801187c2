import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

/**
 * CloudFront connection logs, in the order of the documentation.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/connection-logs.html
 */
export const fields: readonly Field[] = [
  { name: 'eventTimestamp', type: 'any-time', pattern: '^[0-9]{4}-|^[0-9]{10}' },
  { name: 'connectionId', type: 'text', pattern: '^[A-Za-z0-9_-]{16,}={0,2}$' },
  { name: 'connectionStatus', type: 'token', pattern: '^(Success|Failed(:[A-Za-z]+)?)$' },
  { name: 'clientIp', type: 'ip', pattern: addressPattern },
  { name: 'clientPort', type: 'integer', pattern: '^[0-9]{1,5}$' },
  { name: 'serverIp', type: 'ip', pattern: addressPattern },
  { name: 'distributionId', type: 'token', pattern: '^E[A-Z0-9]{6,}$' },
  { name: 'distributionTenantId', type: 'token', pattern: '^[A-Za-z0-9_-]+$' },
  { name: 'tlsProtocol', type: 'token', pattern: '^(TLS|SSL)v[0-9.]+$' },
  { name: 'tlsCipher', type: 'token', pattern: '^[A-Z0-9]+[_-][A-Z0-9_-]+$' },
  { name: 'tlsHandshakeDuration', type: 'milliseconds', pattern: '^[0-9]+([.][0-9]+)?$' },
  { name: 'tlsSni', type: 'token', pattern: '^[A-Za-z0-9_*-]+([.][A-Za-z0-9_-]+)+$' },
  { name: 'clientLeafCertSerialNumber', type: 'text', pattern: '^[0-9A-Fa-f:]{4,}$' },
  { name: 'clientLeafCertSubject', type: 'text', pattern: '[A-Za-z]+=' },
  { name: 'clientLeafCertIssuer', type: 'text', pattern: '[A-Za-z]+=' },
  { name: 'clientLeafCertValidity', type: 'text', pattern: '^NotBefore=.*;NotAfter=' },
  { name: 'connectionLogCustomData', type: 'text' },
];

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logHeader } from '../../bench/traffic/log-line.ts';

const values: Readonly<Record<string, string>> = {
  date: '2026-03-01',
  time: '10:20:30',
  'x-edge-location': 'FRA56-P4',
  'sc-bytes': '1234',
  'c-ip': '192.0.2.7',
  'cs-method': 'GET',
  'cs(Host)': 'd111111abcdef8.cloudfront.net',
  'cs-uri-stem': '/index.html',
  'sc-status': '200',
  'x-edge-result-type': 'Hit',
  'x-edge-request-id': 'one-request-id==',
  'x-host-header': 'example.com',
  'cs-protocol': 'https',
  'time-taken': '0.012',
};

/** A file of CloudFront standard logs with one request: two comment lines and a row. */
export const oneRequest = `${logHeader}${fieldNames()
  .map((name) => values[name] ?? '-')
  .join('\t')}\n`;

export function writeOneLog(folder: string, name = 'one.log'): string {
  const path = join(folder, name);
  writeFileSync(path, oneRequest);
  return path;
}

function fieldNames(): string[] {
  const [, fields = ''] = logHeader.split('\n');
  return fields.replace('#Fields: ', '').split(' ');
}

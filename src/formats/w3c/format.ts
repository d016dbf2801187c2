import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Logs with `#Fields` lines, neither CloudFront's nor IIS's: NetScaler, SHOUTcast, Tomcat, HTTP.sys and others. */
export const w3c: Format = {
  name: 'w3c',
  title: 'W3C extended logs of other servers',
  reference: 'https://www.w3.org/TR/WD-logfile.html',
  commentPrefix: '#',
  fields,
  headerless: 'never',
  marks: fields.map(({ name }) => name).filter((name) => !['date', 'time'].includes(name)),
  directive: { software: '', names: ['c-ip', 's-ip', 'cs-method', 'cs-uri', 'cs-uri-stem', 'sc-status'] },
  isStrict: true,
  requires: [['c-ip'], ['sc-status', 'c-status']],
  since: 1996,
};

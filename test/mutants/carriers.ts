/** What a transport puts around a line, whose characters are bytes. */
export interface Carrier {
  readonly name: string;
  /** Whether one line of it may hold many events. */
  readonly holdsEvents?: boolean;
  /** Whether a line of it may as well be a line of a program that writes a time or a level in front. */
  readonly isLikeText?: boolean;
  readonly carry: (line: string, number: number) => string;
}

const time = (number: number) => new Date(Date.UTC(2026, 2, 1, 10) + number * 1003).toISOString();
const bsdTime = (number: number) => `Mar  1 10:${String(number % 60).padStart(2, '0')}:07`;
/** As written by a program that knows only UTF-8. */
const text = (line: string) => JSON.stringify(Buffer.from(line, 'latin1').toString('utf8'));
const json = (pairs: string) => Buffer.from(`{${pairs}}`, 'utf8').toString('latin1');

/** Prefixes and envelopes of common transports. */
export const carriers: readonly Carrier[] = [
  { name: 'cri', carry: (line, n) => `${time(n).replace('Z', '456789Z')} std${n % 3 ? 'out' : 'err'} F ${line}` },
  { name: 'cri-offset', carry: (line, n) => `${time(n).replace('Z', '456789+02:00')} stdout F ${line}` },
  {
    name: 'docker',
    carry: (line, n) => json(`"log":${text(`${line}\n`)},"stream":"stdout","time":"${time(n)}"`),
  },
  {
    name: 'firelens',
    carry: (line, n) =>
      json(`"container_id":"0a1b${n}","container_name":"web","ecs_cluster":"c","source":"stdout","log":${text(line)}`),
  },
  {
    name: 'kubernetes',
    carry: (line, n) =>
      json(
        `"date":${1772359200 + n}.25,"log":${text(line)},"stream":"stdout","time":"${time(n)}","kubernetes":{"pod_name":"web-1","namespace_name":"shop"}`,
      ),
  },
  {
    name: 'journald',
    carry: (line, n) =>
      json(
        `"__REALTIME_TIMESTAMP":"${1772359200000000 + n}","PRIORITY":"6","_HOSTNAME":"web-1","SYSLOG_IDENTIFIER":"nginx","_PID":"${n + 1}","MESSAGE":${text(line)}`,
      ),
  },
  { name: 'syslog-3164', carry: (line, n) => `<13>${bsdTime(n)} web-1 nginx[${n + 1}]: ${line}` },
  { name: 'syslog-file', carry: (line, n) => `${bsdTime(n)} web-1 nginx: ${line}` },
  { name: 'syslog-iso', carry: (line, n) => `${time(n)} web-1 nginx[${n + 1}]: ${line}` },
  { name: 'syslog-5424', carry: (line, n) => `<134>1 ${time(n)} web-1 nginx ${n + 1} - - ${line}` },
  {
    name: 'syslog-5424-data',
    carry: (line, n) => `<134>1 ${time(n)} web-1 nginx ${n + 1} ID47 [e@32473 k="v"] ${line}`,
  },
  { name: 'cloudwatch-export', isLikeText: true, carry: (line, n) => `${time(n)} ${line}` },
  { name: 'cloudwatch-export-epoch', carry: (line, n) => `${1772359200000 + n} ${line}` },
  {
    name: 'cloudwatch-tail',
    isLikeText: true,
    carry: (line, n) => `${time(n).replace('Z', '000+00:00')} ecs/web/0a1b2c ${line}`,
  },
  { name: 'compose', carry: (line) => `web-1  | ${line}` },
  {
    name: 'klog',
    isLikeText: true,
    carry: (line, n) => `I0301 10:00:${String(n % 60).padStart(2, '0')}.123456       1 access.go:42] ${line}`,
  },
  {
    name: 'cloudwatch-subscription',
    holdsEvents: true,
    carry: (line, n) =>
      json(
        `"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/g","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"${n}","timestamp":${1772359200000 + n},"message":${text(line)}}]`,
      ),
  },
];

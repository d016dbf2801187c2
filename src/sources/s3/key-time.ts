import { linearPattern } from '../../text/linear-pattern.ts';
import { filenameOf } from './s3-object.ts';

/** Time range of an object's log lines, as far as known; milliseconds since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Time range from the key of a log object. @returns undefined when AWS writes no such keys */
export function readKeyTime(key: string): TimeRange | undefined {
  return readCloudfront(key) ?? readLoadBalancer(key) ?? readWaf(key) ?? readS3Access(key);
}

const ownFolder = linearPattern('(?:^|/)AWSLogs/(?:aws-account-id=)?([^/]+)/CloudFront/');

/**
 * `[prefix/]<distribution>.YYYY-MM-DD-HH.<unique>.gz`, with the hour of the requests; v2 puts it below
 * `AWSLogs/<account>/CloudFront/` or folders for distribution and time, possibly as `key=value`.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html#send-logs-s3
 */
function readCloudfront(key: string): TimeRange | undefined {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const [, ...hour] = /^[A-Z][A-Z0-9]{5,}\.(\d{4})-(\d\d)-(\d\d)-(\d\d)\.\w+/.exec(filenameOf(key)) ?? [];
  if (hour.length > 0) return rangeFrom(utc(hour), hourMs);
  const isOurs = ownFolder.groups(folder) !== undefined || /(?:^|\/)distributionid=[^/]+\//i.test(folder);
  return isOurs ? timeOfFolders(folder) : undefined;
}

/** `…/2026/01/31/[23/]` or `…/year=2026/month=01/day=31/[hour=23/]`. */
function timeOfFolders(folder: string): TimeRange | undefined {
  const found =
    /(?:^|\/)year=(\d{4})\/month=(\d\d)\/day=(\d\d)\/(?:hour=(\d\d)\/)?/.exec(folder) ??
    /(?:^|\/)(\d{4})\/(\d\d)\/(\d\d)\/(?:(\d\d)\/)?/.exec(folder);
  if (!found) return undefined;
  const [, year, month, day, hour] = found;
  return rangeFrom(utc([year, month, day, hour ?? '00']), hour === undefined ? dayMs : hourMs);
}

const loadBalancerName = linearPattern(
  '^[^_]+_elasticloadbalancing_[a-z0-9-]+_(?:(app|net)[.])?[A-Za-z0-9-]+(?:[.][0-9a-f]+)?' +
    '_([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})Z_[^/]+$',
);

/**
 * `…/<account>_elasticloadbalancing_<region>_[app.|net.]<name>[.<id>]_<end of the interval>_…`, every 5 minutes, by
 * classic load balancers every 60 if so configured. Not for connection logs, whose names start differently.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
function readLoadBalancer(key: string): TimeRange | undefined {
  const [type, ...end] = loadBalancerName.groups(filenameOf(key)) ?? [];
  if (end.length === 0) return undefined;
  const untilMs = utc(end);
  return { fromMs: untilMs - (type ? 5 * minuteMs : hourMs), untilMs: untilMs + minuteMs };
}

const wafName = linearPattern(
  '^[^_]+_waflogs_[a-z0-9-]+_.+_([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})Z_[0-9A-Za-z_]+[.]log(?:[.]gz)?$',
);

/**
 * `…/<account>_waflogs_<region>_<web ACL>_<time>_<hash>.log.gz`, every 5 minutes.
 * https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html
 */
function readWaf(key: string): TimeRange | undefined {
  const time = wafName.groups(filenameOf(key));
  if (time === undefined) return undefined;
  const at = utc(time);
  return { fromMs: at - 5 * minuteMs, untilMs: at + 5 * minuteMs };
}

/**
 * `<prefix>[<account>/<region>/<bucket>/YYYY/MM/DD/]YYYY-MM-DD-hh-mm-ss-<unique>`: the time of delivery, some hours
 * after the requests, or, when partitioned by event time, the day of the requests and zeros.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-log-keyname-format
 */
function readS3Access(key: string): TimeRange | undefined {
  const [, ...time] = /(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9A-F]{16}$/.exec(key) ?? [];
  if (time.length === 0) return undefined;
  const isPartitioned = /(?:^|\/)\d{12}\/[a-z0-9-]+\/[^/]+\/\d{4}\/\d\d\/\d\d\/[^/]+$/.test(key);
  const at = utc(time);
  const isDay = isPartitioned && time.slice(3).every((part) => part === '00');
  return isDay ? rangeFrom(at, dayMs) : { fromMs: at - dayMs, untilMs: at };
}

/** Year, month, day, hour, minute, second. */
function utc(parts: readonly (string | undefined)[]): number {
  const [year = 1970, month = 1, ...rest] = parts.map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

function rangeFrom(fromMs: number, lengthMs: number): TimeRange {
  return { fromMs, untilMs: fromMs + lengthMs };
}

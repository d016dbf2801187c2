import { linearPattern } from '../../text/linear-pattern.ts';
import { filenameOf } from './s3-object.ts';

/** What the key of a log object tells of it; formats are named as in the catalogue of formats. */
export interface KeyLayout {
  readonly kind: 'cloudfront-v1' | 'cloudfront-v2' | 'alb' | 'elb' | 'nlb' | 's3-access' | 'waf';
  readonly format: 'cloudfront-standard' | 'alb' | 'elb' | 'nlb' | 's3-access' | 'waf';
  readonly account?: string;
  readonly region?: string;
  readonly distribution?: string;
  /** As in the log's lines: a classic one's name, else `app/<name>/<id>`. */
  readonly loadBalancer?: string;
  readonly webAcl?: string;
  /** When what is in the object happened, as far as can be told. */
  readonly time: TimeRange;
}

/** Milliseconds since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** @returns undefined when the key is none of those that AWS writes */
export function readKeyLayout(key: string): KeyLayout | undefined {
  return readCloudfront(key) ?? readLoadBalancer(key) ?? readWaf(key) ?? readS3Access(key);
}

const ownFolder = linearPattern('(?:^|/)AWSLogs/(?:aws-account-id=)?([^/]+)/CloudFront/');

/**
 * `[prefix/]<distribution>.YYYY-MM-DD-HH.<unique>.gz`, the hour being that of the requests; v2 puts it below
 * `AWSLogs/<account>/CloudFront/` or folders for distribution and time, which may be written `key=value`.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html#send-logs-s3
 */
function readCloudfront(key: string): KeyLayout | undefined {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const [account] = ownFolder.groups(folder) ?? [];
  const [, partitioned] = /(?:^|\/)distributionid=([^/]+)\//i.exec(folder) ?? [];
  const [, named, ...hour] = /^([A-Z][A-Z0-9]{5,})\.(\d{4})-(\d\d)-(\d\d)-(\d\d)\.\w+/.exec(filenameOf(key)) ?? [];
  const partition = timeOfFolders(folder);
  const isV2 = account !== undefined || partitioned !== undefined || partition !== undefined;
  const time = named === undefined ? partition : rangeFrom(utc(hour), hourMs);
  if (time === undefined || (named === undefined && account === undefined && partitioned === undefined)) {
    return undefined;
  }
  const distribution = named ?? partitioned ?? /\/CloudFront\/(E[A-Z0-9]{9,})\//.exec(folder)?.[1];
  return {
    kind: isV2 ? 'cloudfront-v2' : 'cloudfront-v1',
    format: 'cloudfront-standard',
    ...(account === undefined ? {} : { account }),
    ...(distribution === undefined ? {} : { distribution }),
    time,
  };
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
  '^([^_]+)_elasticloadbalancing_([a-z0-9-]+)_(?:(app|net)[.])?([A-Za-z0-9-]+)(?:[.]([0-9a-f]+))?' +
    '_([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})Z_[^/]+$',
);

/**
 * `…/<account>_elasticloadbalancing_<region>_[app.|net.]<name>[.<id>]_<end of the interval>_…`, written every 5 minutes,
 * by classic ones every 60 if so configured. Connection logs, whose names begin otherwise, are not these.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
function readLoadBalancer(key: string): KeyLayout | undefined {
  const [account = '', region = '', type, name = '', id, ...end] = loadBalancerName.groups(filenameOf(key)) ?? [];
  if (name === '') return undefined;
  const kind = type === 'app' ? 'alb' : type === 'net' ? 'nlb' : 'elb';
  const intervalMs = kind === 'elb' ? hourMs : 5 * minuteMs;
  const untilMs = utc(end);
  return {
    kind,
    format: kind,
    account,
    region,
    loadBalancer: [type, name, id].filter((part) => part).join('/'),
    time: { fromMs: untilMs - intervalMs, untilMs: untilMs + minuteMs },
  };
}

const wafName = linearPattern(
  '^([^_]+)_waflogs_([a-z0-9-]+)_(.+)_([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})Z_[0-9A-Za-z_]+[.]log(?:[.]gz)?$',
);

/**
 * `…/<account>_waflogs_<region>_<web ACL>_<time>_<hash>.log.gz`, every 5 minutes.
 * https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html
 */
function readWaf(key: string): KeyLayout | undefined {
  const [account = '', region = '', webAcl, ...time] = wafName.groups(filenameOf(key)) ?? [];
  if (webAcl === undefined) return undefined;
  const at = utc(time);
  const range = { fromMs: at - 5 * minuteMs, untilMs: at + 5 * minuteMs };
  return { kind: 'waf', format: 'waf', account, region, webAcl, time: range };
}

/**
 * `<prefix>[<account>/<region>/<bucket>/YYYY/MM/DD/]YYYY-MM-DD-hh-mm-ss-<unique>`: the time of delivery, some hours after
 * the requests, or, when they are partitioned by the requests' time, their day and zeros.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-log-keyname-format
 */
function readS3Access(key: string): KeyLayout | undefined {
  const [, ...time] = /(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9A-F]{16}$/.exec(key) ?? [];
  if (time.length === 0) return undefined;
  const [, account, region] = /(?:^|\/)(\d{12})\/([a-z0-9-]+)\/[^/]+\/\d{4}\/\d\d\/\d\d\/[^/]+$/.exec(key) ?? [];
  const at = utc(time);
  const isDay = account !== undefined && time.slice(3).every((part) => part === '00');
  return {
    kind: 's3-access',
    format: 's3-access',
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    time: isDay ? rangeFrom(at, dayMs) : { fromMs: at - dayMs, untilMs: at },
  };
}

/** Year, month, day, hour, minute, second. */
function utc(parts: readonly (string | undefined)[]): number {
  const [year = 1970, month = 1, ...rest] = parts.map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

function rangeFrom(fromMs: number, lengthMs: number): TimeRange {
  return { fromMs, untilMs: fromMs + lengthMs };
}

import type { LogColumn } from '../../schema/logs.ts';

/** Columns that a line's own values fill. */
export type KeyedColumn = Extract<
  LogColumn,
  'time' | 'level' | 'logger' | 'message' | 'service' | 'host' | 'request_id' | 'trace_id'
>;

/**
 * The names under which lines carry the value of a column, the best first; a name belongs to one column. The first with
 * a valid value wins, all others stay attributes. Names are compared in their {@link plainName} form.
 */
export type KeyTable = Readonly<Record<KeyedColumn, readonly string[]>>;

/** Normalises a name: `eventTime`, `Event-Time` and `event_time` are the same. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Names under which a number is something else: a status, a rank. They stay attributes if a word gives the level. */
export const wordLevelKeys: readonly string[] = ['status', 's', 'priority'];

/** Names whose numbers run in the opposite direction: severities of GuardDuty and Suricata findings. */
export const findingLevelKeys: readonly string[] = ['severity'];

/**
 * As in libraries, servers: ECS, OpenTelemetry, pino, bunyan, winston, logback, log4j, Serilog, zap, zerolog, logrus,
 * slog, structlog, python-json-logger, loguru, Monolog, Powertools for AWS Lambda, GELF, journald, syslog, Kubernetes, MongoDB,
 * nginx, Traefik, API Gateway, Google Cloud, Azure Monitor, Datadog. The first name of each is ours.
 */
export const knownKeys: KeyTable = {
  time: [
    'time',
    '@timestamp',
    'timestamp',
    'ts',
    'datetime',
    'date',
    '@t',
    'timeMillis',
    'instant',
    'eventTime',
    'asctime',
    'created',
    'epoch',
    'epoch_ms',
    'epochMillis',
    'requestReceivedTimestamp',
    '@time',
    'time_iso8601',
    'msec',
    'time_local',
    'StartUTC',
    'StartLocal',
    'requestTimeEpoch',
    'requestTime',
    'event_datetime',
    'event.timestamp',
    'event_timestamp',
    'event_ts',
    'event_date',
    'query_timestamp',
    'timeUnixNano',
    'observedTimeUnixNano',
    'timestampSeconds',
    'timestamp_ms',
    'timestamp_us',
    'timestamp_ns',
    'ts_ms',
    'ts_ns',
    'time_ms',
    'time_ns',
    'unixtime',
    'unix_timestamp',
    'epoch_seconds',
    'timestamp_utc',
    'utc_timestamp',
    'time_utc',
    'utc_time',
    'dt',
    'isodate',
    't.$date',
    'timestamp.$date',
    'datetime.date',
    'record.time.timestamp',
    '_SOURCE_REALTIME_TIMESTAMP',
    '__REALTIME_TIMESTAMP',
    'syslog_timestamp',
    'TimeGenerated',
    'TimeCreated',
    'timereported',
    'reqTimeSec',
    'published',
    'log_time',
    'log_timestamp',
    'log_ts',
    'log_date',
    'logged_at',
    'occurred_at',
    'written_at',
    'emitted_at',
    'recorded_at',
    'created_at',
    'event.created',
    'startTime',
    'receiveTimestamp',
    'received_at',
    'ingestionTime',
    'transport.time',
  ],
  level: [
    'level',
    'severity',
    'log.level',
    'levelname',
    'lvl',
    'loglevel',
    'severityText',
    'severity_label',
    'severity_name',
    'log_severity',
    'log.severity',
    'level.name',
    'record.level.name',
    '@l',
    '@level',
    'syslog_severity',
    'severityNumber',
    'levelno',
    'priority',
    'status',
    's',
    // An inner transport's level, then that of syslog around it
    'transport.level',
    'pri',
  ],
  logger: ['logger', 'loggerName', 'log.logger', 'logger.name', 'name', 'channel', 'category', 'SourceContext'],
  message: [
    'message',
    'msg',
    '@message',
    'log',
    'event',
    'text',
    'body',
    'short_message',
    'textPayload',
    '@m',
    '@mt',
    'RenderedMessage',
    'MessageTemplate',
  ],
  service: [
    'service',
    'service.name',
    'serviceName',
    'app',
    'app_name',
    'application',
    'application_name',
    'program',
    'functionName',
    'transport.service',
  ],
  host: ['host', 'hostname', 'host.name', 'machineName', 'transport.host'],
  request_id: ['request_id', 'AWSRequestId', 'function_request_id', 'reqId'],
  trace_id: ['trace_id', 'trace.id', 'xray_trace_id', 'dd.trace_id'],
};

/** Objects in which libraries nest the values above. `attributes`: our own form of OpenTelemetry's records. */
export const knownObjects = {
  merged: ['attributes', 'jsonPayload'],
  opened: [
    'log',
    'service',
    'host',
    'trace',
    'level',
    'logger',
    'event',
    'record',
    'record.time',
    'record.level',
    'datetime',
    'timestamp',
    't',
  ],
} as const;

import type { LogColumn } from '../../schema/logs.ts';

/** Columns that a line's own values fill. */
export type KeyedColumn = Extract<
  LogColumn,
  'time' | 'level' | 'logger' | 'message' | 'service' | 'host' | 'request_id' | 'trace_id'
>;

/**
 * The names under which lines carry the value of a column, the best first; a name belongs to one column. The first whose
 * value will do is taken, all others stay attributes.
 */
export type KeyTable = Readonly<Record<KeyedColumn, readonly string[]>>;

/**
 * What libraries and servers call them: ECS, OpenTelemetry, pino, bunyan, winston, logback, log4j, Serilog, zap, structlog,
 * python-json-logger, Powertools for AWS Lambda, GELF, journald, syslog, Kubernetes, nginx, Traefik, API Gateway, Azure
 * Monitor. The first name of each is ours.
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
    'Timestamp',
    'timeMillis',
    'instant',
    'eventTime',
    'event_time',
    'asctime',
    'created',
    'epoch',
    'epoch_ms',
    'epochMillis',
    'requestReceivedTimestamp',
    'dateTime',
    'DateTime',
    'date_time',
    'Time',
    '@time',
    'time_iso8601',
    'msec',
    'time_local',
    'StartUTC',
    'StartLocal',
    'requestTimeEpoch',
    'requestTime',
    'event_datetime',
    'eventTimestamp',
    'event.timestamp',
    'event_timestamp',
    'query_timestamp',
    'timeUnixNano',
    'observedTimeUnixNano',
    '_SOURCE_REALTIME_TIMESTAMP',
    '__REALTIME_TIMESTAMP',
    'syslog_timestamp',
    'TimeGenerated',
    'TimeCreated',
    'log_time',
    'logged_at',
    'occurred_at',
    'created_at',
    'createdAt',
    'timestamp_ms',
    'timestampMs',
    'startTime',
    'start_time',
    'transport.time',
  ],
  level: [
    'level',
    'severity',
    'log.level',
    'levelname',
    'level_name',
    'lvl',
    'loglevel',
    'logLevel',
    'log_level',
    'severityText',
    'severity_text',
    'level.name',
    'Level',
    '@l',
    '@level',
    'PRIORITY',
    'transport.level',
  ],
  logger: ['logger', 'loggerName', 'logger_name', 'log.logger', 'logger.name', 'name', 'category', 'SourceContext'],
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
    'Message',
    'MESSAGE',
  ],
  service: [
    'service',
    'service.name',
    'service_name',
    'serviceName',
    'app',
    'application',
    'program',
    'function_name',
    'functionName',
    'transport.service',
  ],
  host: ['host', 'hostname', 'host.name', 'host_name', 'HOSTNAME', 'machineName', 'transport.host'],
  request_id: [
    'request_id',
    'requestId',
    'AWSRequestId',
    'aws_request_id',
    'awsRequestId',
    'function_request_id',
    'RequestId',
    'reqId',
    'req_id',
  ],
  trace_id: ['trace_id', 'traceId', 'trace.id', 'TraceId', 'xray_trace_id', 'xrayTraceId', 'dd.trace_id'],
};

/** Objects in which libraries nest the values above. `attributes`: our own form of OpenTelemetry's records. */
export const knownObjects = {
  merged: ['attributes'],
  opened: ['log', 'service', 'host', 'trace', 'level', 'logger', 'event'],
} as const;

import { levelSpellings } from '../../../formats/logs/levels.ts';
import { fieldsOf, plainAttributes, plainValue } from './plain-value.ts';

/** Values shared by the records of one scope. */
export interface RecordOrigin {
  readonly logger: string;
  readonly service: string | undefined;
  readonly host: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** @param resource OTLP's `Resource` @param scope OTLP's `InstrumentationScope` */
export function readRecordOrigin(resource: unknown, scope: unknown): RecordOrigin {
  const { 'service.name': service, 'host.name': host, ...attributes } = plainAttributes(fieldsOf(resource).attributes);
  const { name, attributes: own } = fieldsOf(scope);
  return {
    logger: textOf(name) ?? '',
    service: textOf(service),
    host: textOf(host),
    attributes: { ...attributes, ...plainAttributes(own) },
  };
}

/**
 * OTLP's `LogRecord`, from protobuf or JSON, as a line of JSON.
 * https://opentelemetry.io/docs/specs/otel/logs/data-model/
 *
 * @throws when the value is not a record
 */
export function logRecordLine(record: unknown, { logger, service, host, attributes }: RecordOrigin): string {
  if (typeof record !== 'object' || record === null) throw new TypeError('the record is not an object');
  const fields = fieldsOf(record);
  const eventName = textOf(fields.eventName);
  const body = fields.body === undefined ? '' : plainValue(fields.body);
  return `${JSON.stringify({
    time: timeOf(fields.timeUnixNano) ?? timeOf(fields.observedTimeUnixNano),
    level: levelOf(fields.severityText, fields.severityNumber),
    logger,
    // An object stays an object: inside a string it would be parsed.
    message: body ?? 'null',
    service,
    host,
    trace_id: idOf(fields.traceId),
    span_id: idOf(fields.spanId),
    attributes: {
      ...attributes,
      ...plainAttributes(fields.attributes),
      ...(eventName === undefined ? {} : { 'event.name': eventName }),
    },
  })}\n`;
}

/** @param nanoseconds since 1970, as string or number; 0 is unknown. @returns ISO, in milliseconds */
function timeOf(nanoseconds: unknown): string | undefined {
  const value = BigInt(typeof nanoseconds === 'string' || typeof nanoseconds === 'number' ? nanoseconds : 0);
  return value === 0n ? undefined : new Date(Number(value / 1_000_000n)).toISOString();
}

const spelledLevels = new Map(
  Object.entries(levelSpellings).flatMap(([level, spellings]) =>
    spellings.map((spelling) => [spelling, level] as const),
  ),
);
/** Names of the severity numbers 1–4, 5–8, … */
const numberedLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

function levelOf(text: unknown, number: unknown): string | undefined {
  // `INFO2` is what OpenTelemetry calls the second of four kinds of INFO.
  const word = (textOf(text) ?? '').trim().toUpperCase();
  return spelledLevels.get(word.replace(/(?<=[A-Z])\d$/, '')) ?? numberedLevels[Math.ceil(Number(number ?? 0) / 4) - 1];
}

/** @param id bytes, or hexadecimal as in OTLP's JSON; all zeros mean no id */
function idOf(id: unknown): string | undefined {
  const hex = id instanceof Uint8Array ? Buffer.from(id).toString('hex') : (textOf(id)?.toLowerCase() ?? '');
  return /^0*$/.test(hex) ? undefined : hex;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

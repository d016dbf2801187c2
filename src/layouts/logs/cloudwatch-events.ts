import { trimTrailing } from '../../text/trim-trailing.ts';

/** Reason of a reject: the line should have been a message of a CloudWatch Logs subscription. */
export const notAnEnvelope = 'not a CloudWatch Logs message';

/** Spaces out the line numbers of envelopes readably: event 17 of line 3 is number 2000017. */
const eventsPerLine = 1_000_000;

/**
 * FROM clause over `source`, whose lines are inflated CloudWatch Logs subscription messages. One row per log event:
 * `object`, `line_number` (unique within the object), `line` (the event's message without trailing newlines),
 * `event_id`, `event_time_ms`, `log_group`, `log_stream`, and `envelope_problem` (empty, or why the line is not one).
 *
 * A control message, or a data message without events, gives one row with an empty line, a comment. Anything but an
 * envelope gives one unchanged row. This also serves access logs that travel in log events.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function cloudwatchEvents(source: string): string {
  return `(
    SELECT
      object,
      envelope_number * ${eventsPerLine} + event_number - 1 AS line_number,
      if(is_envelope, trim(TRAILING '\\r\\n' FROM event.3), envelope) AS line,
      event.1 AS event_id,
      event.2 AS event_time_ms,
      log_group,
      log_stream,
      if(is_envelope, '', '${notAnEnvelope}') AS envelope_problem
    FROM (
      SELECT
        object,
        line_number AS envelope_number,
        line AS envelope,
        JSONExtractString(line, 'logGroup') AS log_group,
        JSONExtractString(line, 'logStream') AS log_stream,
        JSONExtractString(line, 'messageType') AS message_type,
        message_type != '' AND JSONType(line, 'logEvents') = 'Array' AS is_envelope,
        JSONExtract(line, 'logEvents', 'Array(Tuple(id String, timestamp Int64, message String))') AS events,
        -- The events of a control message say nothing.
        if(message_type = 'DATA_MESSAGE' AND notEmpty(events), events, [('', 0, '')]) AS rows
      FROM ${source}
    )
    ARRAY JOIN rows AS event, arrayEnumerate(rows) AS event_number
  )`;
}

/** The messages of sample envelopes, to detect their layout; lines that are not envelopes give none. */
export function sampleEvents(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    try {
      const { messageType, logEvents } = JSON.parse(line) as { messageType?: unknown; logEvents?: unknown };
      return messageType === 'DATA_MESSAGE' && Array.isArray(logEvents) ? logEvents.flatMap(messageLines) : [];
    } catch {
      return [];
    }
  });
}

function messageLines(event: unknown): string[] {
  const { message } = (event ?? {}) as { message?: unknown };
  return typeof message === 'string' ? [trimTrailing(message, '\r\n')] : [];
}

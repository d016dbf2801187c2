import { randomUUID } from 'node:crypto';
import { openBrace } from '../../../framing/json/ascii.ts';
import { collect } from '../../../framing/records/byte-blocks.ts';
import type { Answer, Exchange, Intake } from '../intake.ts';
import { Refusal } from '../refusal.ts';
import { otlpAnswer, otlpError, statedEncoding } from './otlp-answer.ts';
import { maxLinesBytes, readJsonLogs, readProtobufLogs, TooManyLinesError } from './read-logs.ts';

/**
 * OpenTelemetry's logs over HTTP, protobuf and JSON. https://opentelemetry.io/docs/specs/otlp/#otlphttp
 *
 * A body is parsed in memory, which needs several times its size; OpenTelemetry's own Collector accepts 20 MiB.
 */
export const otlpIntake: Intake = {
  name: 'otlp',
  routes: [{ method: 'POST', url: '/v1/logs' }],
  maxBodyBytes: 32 * 1024 * 1024,
  take: takeLogs,
  refuse: otlpError,
};

async function takeLogs(exchange: Exchange): Promise<Answer> {
  const bytes = (await collect(exchange.body)).join();
  // No OTLP message in protobuf starts with this byte.
  const encoding = statedEncoding(exchange.request) ?? (bytes[0] === openBrace ? 'json' : 'protobuf');
  const { lines, refused } = await (encoding === 'json' ? readJsonLogs(bytes) : readProtobufLogs(bytes)).catch(
    (cause: unknown) => {
      if (cause instanceof TooManyLinesError) throw tooManyLines(cause);
      throw new Refusal('invalid', `cannot read the logs as ${encoding}: ${String(cause)}`, {
        remedy: 'Send an ExportLogsServiceRequest, and its encoding as Content-Type.',
        cause,
      });
    },
  );
  exchange.countRejected(refused);
  if (lines.length > 0) {
    exchange.hold.add(lines.length);
    await exchange.store([
      {
        origin: 'otlp',
        version: randomUUID(),
        content: { kind: 'lines', chunks: lines.chunks() },
        context: { arrivedAtMs: exchange.arrivedAtMs },
      },
    ]);
  }
  if (refused === 0) return otlpAnswer(encoding, 'ExportLogsServiceResponse', {});
  return otlpAnswer(encoding, 'ExportLogsServiceResponse', {
    partialSuccess: { rejectedLogRecords: String(refused), errorMessage: `cannot read ${refused} of the records` },
  });
}

function tooManyLines(cause: TooManyLinesError): Refusal {
  const most = `${maxLinesBytes / 1024 ** 2} MiB`;
  const message = `cannot store the logs: with the attributes of their resource they take more than ${most}`;
  return new Refusal('too-large', message, {
    remedy: 'Send fewer records in a request, or shorter attributes of the resource.',
    cause,
  });
}

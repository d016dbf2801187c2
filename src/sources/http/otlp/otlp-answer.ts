import { type Answer, type IntakeRequest, jsonAnswer, type RefusedRequest } from '../intake.ts';
import { encode, type OtlpMessage } from './otlp-messages.ts';

export type OtlpEncoding = 'protobuf' | 'json';

/** Encoding from the request's Content-Type; undefined when it is neither. */
export function statedEncoding(request: IntakeRequest): OtlpEncoding | undefined {
  const [, name] = /^application\/(?:x-)?(protobuf|json)\b/i.exec(request.headers['content-type'] ?? '') ?? [];
  return name?.toLowerCase() as OtlpEncoding | undefined;
}

/** @param value in the form of OTLP's JSON */
export async function otlpAnswer(
  encoding: OtlpEncoding,
  message: OtlpMessage,
  value: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  if (encoding === 'json') return jsonAnswer(value);
  return { contentType: 'application/x-protobuf', body: await encode(message, value) };
}

/** A refused request as google.rpc.Status. https://opentelemetry.io/docs/specs/otlp/#failures-1 */
export function otlpError({ status, message, remedy }: RefusedRequest, request: IntakeRequest): Promise<Answer> {
  return otlpAnswer(statedEncoding(request) ?? 'json', 'Status', {
    code: codes[status] ?? 13,
    message: remedy === undefined ? message : `${message}; ${remedy}`,
  });
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto; 13 is INTERNAL. */
const codes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 413: 3, 415: 3, 429: 8, 503: 14 };

import { type Answer, type IntakeRequest, jsonAnswer, type RefusedRequest } from '../intake.ts';

/** Elastic's own clients and shippers refuse a server without this header, some only after sending their data. */
export const productHeaders = { 'x-elastic-product': 'Elasticsearch' } as const;

/** JSON with the versioned media type that clients since version 8 request. */
export function elasticAnswer(value: unknown, { headers: { accept = '' } }: IntakeRequest): Answer {
  const isVersioned = accept.toLowerCase().includes('application/vnd.elasticsearch+json');
  const [, version] = isVersioned ? (/compatible-with=(\d+)/i.exec(accept) ?? []) : [];
  const contentType =
    version === undefined ? 'application/json' : `application/vnd.elasticsearch+json;compatible-with=${version}`;
  return jsonAnswer(value, contentType);
}

/** A refused request in Elasticsearch's form. */
export function elasticError({ status, message, remedy }: RefusedRequest, request: IntakeRequest): Answer {
  const error = {
    type: types[status] ?? 'exception',
    reason: remedy === undefined ? message : `${message}; ${remedy}`,
  };
  return elasticAnswer({ error: { root_cause: [error], ...error }, status }, request);
}

const types: Readonly<Record<number, string>> = {
  400: 'illegal_argument_exception',
  401: 'security_exception',
  403: 'security_exception',
  413: 'content_too_long_exception',
  415: 'media_type_header_exception',
  429: 'es_rejected_execution_exception',
  503: 'unavailable_shards_exception',
};

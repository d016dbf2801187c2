import { decodeRows } from '../../src/engine/decode-rows.ts';

interface JsonAnswer {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

/** The rows of an answer in the format `json`; 64-bit integers, strings there, as numbers where that is exact. */
export function answerRows<T>(json: string): T[] {
  const { meta, data } = JSON.parse(json) as JsonAnswer;
  return decodeRows({ meta, data: data.map((row) => meta.map(({ name }) => row[name])) }) as T[];
}

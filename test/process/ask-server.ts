import { answerRows } from './answer-rows.ts';

/** Asks a running program over its HTTP API, as people do. @throws Error with its answer when that is none */
export async function askServer<T>(url: string, sql: string): Promise<T[]> {
  const answer = await fetch(`${url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, format: 'json' }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return answerRows(text);
}

import { answerRows } from './answer-rows.ts';

/** Queries a running program over its HTTP API. @throws Error with its answer when that is an error */
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

/** Asks a running program over its HTTP API, as people do. @throws Error with its answer when that is none */
export async function askServer<T>(url: string, sql: string): Promise<T[]> {
  const answer = await fetch(`${url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, format: 'ndjson' }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

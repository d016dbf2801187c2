// Tables "requests" and "logs" of a dataset, from a machine of Google Cloud: { type: module, path: ./bigquery.ts, env: ["BIGQUERY_*"] }
import type { ModuleDestination } from 'tailrace/module';

// BIGQUERY_DATASET=projects/my-project/datasets/logs
const { BIGQUERY_DATASET, BIGQUERY_API = 'https://bigquery.googleapis.com/bigquery/v2' } = process.env;
const { BIGQUERY_TOKENS = 'http://metadata.google.internal/computeMetadata/v1' } = process.env;

async function ask<Answer>(url: string, request: RequestInit): Promise<Answer> {
  const answer = await fetch(url, request);
  if (!answer.ok) throw new Error(`it answered ${answer.status}: ${await answer.text()}`);
  return answer.json() as Promise<Answer>;
}

export default {
  async write({ table, rows, signal }) {
    const tokens = `${BIGQUERY_TOKENS}/instance/service-accounts/default/token`;
    const token = await ask<{ access_token: string }>(tokens, { headers: { 'metadata-flavor': 'Google' }, signal });
    // BigQuery does not take a row again whose insertId it has seen within about a minute.
    const identity = ({ batch, line_number, ...row }: (typeof rows)[number]) =>
      `${batch}-${'object' in row ? row.object : row.origin}-${line_number}`;
    const records = rows.map((json) => ({ insertId: identity(json), json }));
    const { insertErrors = [] } = await ask<Inserted>(`${BIGQUERY_API}/${BIGQUERY_DATASET}/tables/${table}/insertAll`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ rows: records, skipInvalidRows: true, ignoreUnknownValues: true }),
      signal,
    });
    return { failed: insertErrors.map(({ index, errors }) => ({ index, reason: `${errors[0]?.message}` })) };
  },
} satisfies ModuleDestination;

interface Inserted {
  readonly insertErrors?: readonly {
    readonly index: number;
    readonly errors: readonly { readonly message: string }[];
  }[];
}

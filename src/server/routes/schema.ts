import { z } from 'zod';
import { outputFormats } from '../../engine/output-formats.ts';
import { questionError } from '../api-error.ts';
import type { ApiRoute } from '../api-route.ts';

const column = z.strictObject({
  table: z.string().describe('As a question names it'),
  name: z.string(),
  type: z.string(),
  comment: z.string().describe('What the column means; may be empty'),
});

/** What the role of a question sees: only the tables that it may read. */
const sql = `
SELECT if(database = currentDatabase(), table, concat(database, '.', table)) AS table, name, type, comment
FROM system.columns
WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')
ORDER BY database, table, position`;

export const schemaRoute: ApiRoute = {
  method: 'GET',
  path: '/api/schema',
  operationId: 'readSchema',
  summary: 'The tables and columns that a query may read',
  answer: {
    description: 'All columns, table by table',
    content: { 'application/json': z.strictObject({ columns: z.array(column) }) },
  },
  failures: [429, 500, 503],
  async handler({ engine, running }, _request, reply) {
    const signal = running.begin(reply, 'question');
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of engine.ask({ sql }, { format: outputFormats.json.clickhouse, signal }))
        chunks.push(chunk);
    } catch (error) {
      throw questionError(error);
    }
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: z.output<typeof column>[] };
    return { columns: data };
  },
};

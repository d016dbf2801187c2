import { z } from 'zod';
import { outputFormats } from '../engine/output-formats.ts';

export const formatNames = Object.keys(outputFormats) as (keyof typeof outputFormats)[];

/** A question as it is sent. */
export const questionBody = z.strictObject({
  sql: z.string().min(1).describe('One SELECT in ClickHouse’s SQL'),
  params: z
    .record(z.string().regex(/^\w+$/), z.unknown())
    .optional()
    .describe('Values of the placeholders {name:Type} in the SQL'),
  limit: z.int().min(1).max(1e9).optional().describe('Most rows of the answer; more are not worked out'),
  format: z
    .enum(formatNames)
    .default('json')
    .describe('Output format; csv-safe is for spreadsheets: no text in it starts a formula'),
});

export type QuestionBody = z.output<typeof questionBody>;

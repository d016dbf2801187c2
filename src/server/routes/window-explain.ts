import type { z } from 'zod';
import { type CompiledQuery, compileQuery, explainTree } from '../../windows/compile-query.ts';
import { explainQuery } from '../../windows/explain-query.ts';
import { flinkSql } from '../../windows/flink-sql.ts';
import { questionError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import {
  type FlinkAnswer,
  flinkAnswer,
  type WindowExplanationAnswer,
  windowExplanationAnswer,
} from '../window-answer.ts';
import { findWindow, windowPath } from './windows.ts';

export const explainWindowRoute: ApiRoute = {
  method: 'GET',
  path: '/api/windows/{name}/explain',
  operationId: 'explainWindow',
  summary: 'How a continuous query is answered',
  description:
    'From aggregate states, or over the rows of each window and why; with the size of the states, and the SQL over the rows of one window. The same as "tailrace windows explain".',
  pathParameters: windowPath,
  answer: { description: 'How', content: { 'application/json': windowExplanationAnswer } },
  failures: [400, 404, 429, 500, 503],
  async handler(context, request, reply): Promise<WindowExplanationAnswer> {
    const compiled = await compiledOf(context, request.params as z.output<typeof windowPath>);
    const { states, why, ...explained } = await explainQuery(context.engine, compiled).catch((cause: unknown) => {
      throw questionError(cause);
    });
    reply.header('cache-control', 'no-store');
    return {
      name: explained.name,
      version: explained.version,
      sql: explained.sql,
      question: explained.question,
      why: why || null,
      states: states
        ? { ...states, keyTypes: [...states.keyTypes], stateTypes: [...states.stateTypes], size: { ...states.size } }
        : null,
    };
  },
};

export const flinkWindowRoute: ApiRoute = {
  method: 'GET',
  path: '/api/windows/{name}/flink',
  operationId: 'translateWindow',
  summary: 'A continuous query for Managed Service for Apache Flink',
  description:
    'Its table and its query as SQL of Flink, and what cannot be translated. The same as "tailrace windows flink".',
  pathParameters: windowPath,
  answer: { description: 'The statements', content: { 'application/json': flinkAnswer } },
  failures: [400, 404, 429, 500, 503],
  async handler(context, request, reply): Promise<FlinkAnswer> {
    const compiled = await compiledOf(context, request.params as z.output<typeof windowPath>);
    const tree = await explainTree(context.engine, compiled.sql).catch((cause: unknown) => {
      throw questionError(cause);
    });
    const { table, query, problems } = flinkSql(compiled, tree);
    reply.header('cache-control', 'no-store');
    return { table, query: query ?? null, problems: [...problems] };
  },
};

/** A query that does not run here, or not yet, is judged now. @throws ApiError */
async function compiledOf(context: ServerContext, { name }: z.output<typeof windowPath>): Promise<CompiledQuery> {
  const { compiled, query } = findWindow(context, name);
  if (compiled) return compiled;
  return compileQuery(context.engine, query).catch((cause: unknown) => {
    throw questionError(cause);
  });
}

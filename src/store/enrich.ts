import { loggedColumns, originColumns } from '../schema/requests.ts';
import { lineKinds } from '../schema/line-kinds.ts';
import { userAgentParts, userAgentSteps } from './user-agents/known-user-agents.ts';

/**
 * The views between `landing` and `requests`: the engine derives the enriched columns there, on blocks of many lines,
 * where equal values are looked up once. Views hold no data, so they are made anew when a store is opened.
 */
export function enrichmentViews(): string[] {
  const logged = [...Object.keys(loggedColumns), ...Object.keys(originColumns)].join(', ');
  return [
    `CREATE MATERIALIZED VIEW landing_to_enriched TO enriched AS
     SELECT ${logged}, user_agent_answer, user_agent_is_new
     FROM (
       SELECT *, ${userAgentSteps().map(([name, sql]) => `${sql} AS ${name}`).join(', ')}
       FROM landing
       WHERE kind = ${lineKinds.row}
     )`,
    `CREATE MATERIALIZED VIEW enriched_to_requests TO requests AS
     SELECT ${logged}, ${userAgentParts().map(([column, sql]) => `${sql} AS ${column}`).join(', ')}
     FROM enriched`,
  ];
}

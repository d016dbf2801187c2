import { lineKinds } from '../schema/line-kinds.ts';
import { lineColumns } from '../schema/object-place.ts';
import { loggedColumns, originColumns } from '../schema/requests.ts';
import { geoColumn, geoSteps } from './geo-networks/geo-columns.ts';
import type { GeoList } from './geo-networks/geo-list.ts';
import { userAgentParts, userAgentSteps } from './user-agents/known-user-agents.ts';

/**
 * The views between `landing` and `requests`: the engine derives the enriched columns there, on blocks of many lines,
 * so that equal values are looked up once. Views hold no data, so they are recreated when a store is opened.
 *
 * @param geoLists the lists to look up for viewers' networks where the log has no value
 */
export function enrichmentViews(geoLists: readonly GeoList[] = []): string[] {
  const names = [...Object.keys(loggedColumns), ...Object.keys(originColumns)];
  const lines = Object.keys(lineColumns).join(', ');
  const located = new Map<string, string>(geoLists.map((list) => [list, `${geoColumn(list)} AS ${list}`]));
  const steps = [...userAgentSteps(), ...geoSteps(geoLists)];
  return [
    `CREATE MATERIALIZED VIEW landing_to_enriched TO enriched AS
     SELECT ${names.map((name) => located.get(name) ?? name).join(', ')}, ${lines}, user_agent_answer, user_agent_is_new
     FROM (
       SELECT *, ${steps.map(([name, sql]) => `${sql} AS ${name}`).join(', ')}
       FROM landing
       WHERE kind = ${lineKinds.row}
     )`,
    `CREATE MATERIALIZED VIEW enriched_to_requests TO requests AS
     SELECT ${names.join(', ')}, object, line_number + 1 AS line_number, ${userAgentParts()
       .map(([column, sql]) => `${sql} AS ${column}`)
       .join(', ')}
     FROM enriched`,
  ];
}

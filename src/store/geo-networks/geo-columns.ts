import { type GeoList, geoLists } from './geo-list.ts';

/**
 * SQL of the columns that the network lists fill, in steps that build on each other, given `client_ip`, `country`
 * and `asn` of `landing`. Logged values win. An address is looked up once per distinct value of a block, which
 * is why it is LowCardinality; an invalid or masked one becomes `::`, for which nothing is known.
 */
export function geoSteps(lists: readonly GeoList[]): [name: string, sql: string][] {
  if (lists.length === 0) return [];
  const isWanted = lists.map((list) => `${list} = ${geoLists[list].unknown}`).join(' OR ');
  return [
    ['geo_address', `toIPv6OrDefault(toLowCardinality(if(${isWanted}, client_ip, '')))`],
    ...lists.map((list): [string, string] => {
      const { unknown } = geoLists[list];
      const found = `dictGet('tailrace.geo_${list}', '${list}', geo_address)`;
      return [
        geoColumn(list),
        `multiIf(${list} != ${unknown}, ${list}, geo_address = toIPv6('::'), ${unknown}, ${found})`,
      ];
    }),
  ];
}

/** Name of the step that computes a list's column. */
export function geoColumn(list: GeoList): string {
  return `geo_${list}`;
}

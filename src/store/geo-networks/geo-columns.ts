import { type GeoList, geoLists } from './geo-list.ts';

/**
 * SQL of the columns that the lists of networks fill, in steps that build on each other, given `client_ip`, `country`
 * and `asn` of `landing`. What was logged counts more. An address is looked up once a distinct value of a block, which
 * is what makes it LowCardinality; one that is none, or masked, is `::`, and nothing is known of that.
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

/** Name of the step that gives a list's column its value. */
export function geoColumn(list: GeoList): string {
  return `geo_${list}`;
}

import type { Statement } from '../../engine/engine.ts';
import { type GeoList, geoLists } from './geo-list.ts';

/**
 * Stores the lines of one load in `geo_networks`, as prefixes. Neighbours of equal value are merged first: a
 * city file has ten times as many networks as there are countries next to each other, and the dictionary holds all in
 * memory. Merging is only correct when no network of the file is within another one.
 *
 * @param isNested whether one is; then all are kept unchanged, and the longest prefix wins
 */
export function storeNetworks(list: GeoList, version: string, load: string, isNested: boolean): Statement {
  return {
    sql: `
      INSERT INTO tailrace.geo_networks (list, version, prefix, country, asn)
      SELECT
        {list:String},
        {version:String},
        ${prefixText},
        ${list === 'country' ? 'narrowest' : "''"},
        ${list === 'asn' ? 'narrowest' : '0'}
      FROM (
        SELECT base, length, argMin(known, width) AS narrowest
        FROM (
          SELECT
            known,
            width,
            -- What is left of the range, in units of 2^bit: a block at either end where its number is odd.
            bitShiftRight(start + bitShiftLeft(toUInt256(1), bit) - 1, bit) AS begin,
            bitShiftRight(start + width, bit) AS end,
            128 - bit AS length,
            bitShiftLeft(arrayJoin(arrayFilter(
              (block, is_there) -> is_there,
              [begin, end - 1],
              [begin < end AND bitAnd(begin, 1) = 1, begin < end AND bitAnd(end, 1) = 1]
            )), bit) AS base
          FROM (
            SELECT
              start,
              width,
              known,
              -- Only blocks between the size that both ends are multiples of and the size of the range can occur.
              arrayJoin(range(
                bitCount(bitXor(bitOr(start, start + width), bitOr(start, start + width) - 1)) - 1,
                toUInt16(ceil(log2(toFloat64(width)))) + 1
              )) AS bit
            FROM (${mergedRanges(list)})
          )
        )
        GROUP BY base, length
      )`,
    params: { list, version, load, isNested },
  };
}

/** Finds whether a network of the load is within another one, or repeats it. */
export function findNested(load: string): Statement {
  return {
    sql: `
      SELECT count() > 0 AS nested
      FROM (
        SELECT
          first,
          max(last) OVER before AS last_before,
          count() OVER before AS rows_before
        FROM tailrace.geo_network_lines
        WHERE load = {load:UUID}
        WINDOW before AS (ORDER BY first, line_number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
      )
      WHERE rows_before > 0 AND first <= last_before`,
    params: { load },
  };
}

/** `1.0.0.0/24` or `2001:db8::/32`. Avoids a cast from number to IPv6, which ClickHouse 24.10 lacks. */
const prefixText = `
        if(
          length >= 96 AND startsWith(IPv6NumToString(reverse(reinterpretAsFixedString(toUInt128(base)))) AS address, '::ffff:'),
          concat(substring(address, 8), '/', toString(length - 96)),
          concat(address, '/', toString(length))
        )`;

/** `start UInt256, width UInt256, known`: 256 bits, because the end after the last address needs 129. */
function mergedRanges(list: GeoList): string {
  return `
              SELECT
                min(toUInt256(first)) AS start,
                max(toUInt256(last)) + 1 - min(toUInt256(first)) AS width,
                any(value) AS known
              FROM (
                SELECT first, last, value, line_number, sum(begins) OVER (ORDER BY first, line_number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
                FROM (
                  SELECT
                    first,
                    last,
                    value,
                    line_number,
                    {isNested:Bool}
                      OR first != lagInFrame(last) OVER previous + 1
                      OR value != lagInFrame(value) OVER previous AS begins
                  FROM (${knownValues(list)})
                  WINDOW previous AS (ORDER BY first, line_number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
                )
              )
              WHERE {isNested:Bool} OR value != ${geoLists[list].unknown}
              GROUP BY run`;
}

function knownValues(list: GeoList): string {
  const columns = 'first, last, line_number';
  if (list === 'asn') {
    return `
                    SELECT ${columns}, toUInt32OrZero(trim(LEADING 'AS' FROM value)) AS value
                    FROM tailrace.geo_network_lines
                    WHERE load = {load:UUID}`;
  }
  // Codes without a country, like DB-IP's ZZ, count as empty.
  return `
                    SELECT ${columns}, if(match(code, '^[A-Z]{2}$') AND code != 'ZZ', code, '') AS value
                    FROM (
                      SELECT ${columns}, if(locations.id = '', lines.value, locations.country) AS code
                      FROM tailrace.geo_network_lines AS lines
                      LEFT ANY JOIN (SELECT id, country FROM tailrace.geo_locations WHERE load = {load:UUID}) AS locations
                        ON locations.id = lines.value
                      WHERE load = {load:UUID}
                    )`;
}

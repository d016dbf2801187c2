import type { Statement } from '../../engine/engine.ts';
import type { CsvLayout } from './csv-layout.ts';

/**
 * Reads lines of a CSV file into `geo_network_lines`, those without a network with their text as `problem`. Commas
 * within quotes are not handled: addresses, numbers and codes have none and come before the names.
 */
export function insertNetworkLines(source: string, layout: CsvLayout, load: string): Statement {
  const [first, last] = layout.network;
  return {
    sql: `
      INSERT INTO tailrace.geo_network_lines (load, object, line_number, first, last, value, problem)
      SELECT
        {load:UUID},
        object,
        line_number,
        assumeNotNull(first_address),
        assumeNotNull(last_address),
        ${cell(layout.value)},
        if(is_network, '', left(line, 200))
      FROM (
        SELECT
          object,
          line_number,
          line,
          splitByChar(',', line) AS cells,
          ${last === undefined ? prefixSteps(cell(first)) : rangeSteps(cell(first), cell(last))},
          first_address IS NOT NULL AND last_address IS NOT NULL AND first_address <= last_address AS is_network
        FROM ${source}
        WHERE trimBoth(line) NOT IN ('', '\\r') AND (line_number > 0 OR NOT {hasHeader:Bool})
      )`,
    params: { load, hasHeader: layout.hasHeader },
  };
}

/** Reads lines of MaxMind's locations file into `geo_locations`. */
export function insertLocations(source: string, columns: { id: number; country: number }, load: string): Statement {
  return {
    sql: `
      INSERT INTO tailrace.geo_locations (load, id, country)
      SELECT {load:UUID}, ${cell(columns.id)}, ${cell(columns.country)}
      FROM (SELECT line_number, splitByChar(',', line) AS cells FROM ${source})
      WHERE line_number > 0`,
    params: { load },
  };
}

function cell(column: number): string {
  return `trim(BOTH '" \\r' FROM cells[${column}])`;
}

/** Steps that build on each other, from `1.2.3.0/24` or `2001:db8::/32`; null if it is neither. */
function prefixSteps(network: string): string {
  return `
          splitByChar('/', ${network}) AS parts,
          toUInt128(toIPv6OrNull(parts[1])) AS address,
          toInt16OrNull(parts[2]) + if(position(parts[1], ':') = 0, 96, 0) AS length,
          if(length BETWEEN if(position(parts[1], ':') = 0, 96, 0) AND 128 AND length(parts) = 2, length, NULL) AS valid_length,
          -- All ones below the network's bits; a shift by 128 gives 0, and 0 - 1 all ones.
          bitShiftLeft(toUInt128(1), 128 - ifNull(valid_length, 128)) - toUInt128(1) AS host_mask,
          if(valid_length IS NULL, NULL, bitAnd(address, bitNot(host_mask))) AS first_address,
          if(valid_length IS NULL, NULL, bitOr(address, host_mask)) AS last_address`;
}

function rangeSteps(first: string, last: string): string {
  return `
          toUInt128(toIPv6OrNull(${first})) AS first_address,
          toUInt128(toIPv6OrNull(${last})) AS last_address`;
}

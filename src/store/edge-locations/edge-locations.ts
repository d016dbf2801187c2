import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtProgram } from '../../engine/built-program.ts';
import type { Engine, Statement } from '../../engine/engine.ts';
import { type DictionaryReader, tableSource } from '../dictionary-source.ts';

/** Attributes of the dictionary `edge_locations`, keyed by the airport code at the start of an edge location's name. */
export const edgeLocationAttributes = {
  city: 'String',
  country: 'String',
  country_code: 'String',
  latitude: 'Float64',
  longitude: 'Float64',
  pricing_region: 'String',
} as const;

/** The bundled data set, as CSV with a header. */
export function readEdgeLocations(): Promise<string> {
  return readFile(join(builtProgram, 'store/edge-locations/aws-edge-locations.csv'), 'utf8');
}

/** @param reader user as whom a server's dictionary reads the table */
export function edgeLocationSchema(reader?: DictionaryReader): Statement[] {
  const attributes = Object.entries(edgeLocationAttributes).map(([name, type]) => `${name} ${type}`);
  return [
    {
      sql: `CREATE TABLE IF NOT EXISTS tailrace.edge_location_codes (code String, ${attributes.join(', ')})
            ENGINE = MergeTree ORDER BY code`,
    },
    {
      sql: `CREATE DICTIONARY IF NOT EXISTS tailrace.edge_locations (code String, ${attributes.join(', ')})
            PRIMARY KEY code
            ${tableSource({ table: 'edge_location_codes', reader })}
            LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)`,
    },
  ];
}

/** Fills the table of edge locations when the data set changed. */
export async function loadEdgeLocations(engine: Engine, csv: string): Promise<void> {
  const [stored] = await engine.rows<{ same: number }>({
    sql: `SELECT count() = (SELECT count() FROM format(CSVWithNames, {csv:String})) AS same FROM tailrace.edge_location_codes`,
    params: { csv },
  });
  if (stored?.same) return;
  await engine.run({ sql: 'TRUNCATE TABLE tailrace.edge_location_codes' });
  await engine.run({
    sql: `INSERT INTO tailrace.edge_location_codes
          SELECT code, ${Object.keys(edgeLocationAttributes).join(', ')} FROM format(CSVWithNames, {csv:String})`,
    params: { csv },
  });
  await engine.run({ sql: 'SYSTEM RELOAD DICTIONARY tailrace.edge_locations' });
}

import type { Engine } from '../engine/engine.ts';

/** User as whom a ClickHouse server reads a dictionary's table; by default `default` with an empty password. */
export interface DictionaryReader {
  readonly user: string;
  readonly password: string;
}

/** The table that a dictionary reads. */
export interface DictionarySource {
  readonly table: string;
  /** Filter of its rows, as SQL. */
  readonly where?: string;
  readonly reader: DictionaryReader | undefined;
}

/** The SOURCE clause of a dictionary; its grammar takes no bound parameters. */
export function tableSource(source: DictionarySource): string {
  const parts = [
    // An address, because a host name needs a DNS look-up, and the embedded engine may not open sockets.
    `HOST '127.0.0.1' DB 'tailrace' TABLE ${literal(source.table)}`,
    ...(source.reader ? [`USER ${literal(source.reader.user)} PASSWORD ${literal(source.reader.password)}`] : []),
    ...(source.where ? [`WHERE ${literal(source.where)}`] : []),
  ];
  return `SOURCE(CLICKHOUSE(${parts.join(' ')}))`;
}

/** Drops dictionaries of earlier versions, whose source has no address; they are recreated when the store opens. */
export async function dropDictionariesWithoutAddress(engine: Engine): Promise<void> {
  const dictionaries = await engine.rows<{ name: string }>({
    sql: `
      SELECT name FROM system.tables
      WHERE database = currentDatabase() AND engine = 'Dictionary' AND create_table_query NOT LIKE '%HOST%'`,
  });
  for (const { name } of dictionaries) {
    await engine.run({
      sql: 'DROP DICTIONARY {name:Identifier} SYNC',
      params: { name },
      // Dependents find the new one under the same name.
      settings: { check_table_dependencies: 0, check_referential_table_dependencies: 0 },
    });
  }
}

/** A value as an SQL literal, for the few places whose grammar allows no bound parameter. */
export function literal(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

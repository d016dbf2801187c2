import type { Engine } from '../engine/engine.ts';

/** As whom a ClickHouse server reads a table for its dictionary; without it as `default` with an empty password. */
export interface DictionaryReader {
  readonly user: string;
  readonly password: string;
}

/** What a dictionary reads: one of our own tables. */
export interface DictionarySource {
  readonly table: string;
  /** Which of its rows, as SQL. */
  readonly where?: string;
  readonly reader: DictionaryReader | undefined;
}

/** The SOURCE clause of a dictionary; its grammar takes no bound parameters. */
export function tableSource(source: DictionarySource): string {
  const parts = [
    // An address: a name would have to be looked up, and the embedded engine may open no socket for that.
    `HOST '127.0.0.1' DB 'tailrace' TABLE ${literal(source.table)}`,
    ...(source.reader ? [`USER ${literal(source.reader.user)} PASSWORD ${literal(source.reader.password)}`] : []),
    ...(source.where ? [`WHERE ${literal(source.where)}`] : []),
  ];
  return `SOURCE(CLICKHOUSE(${parts.join(' ')}))`;
}

/** Drops dictionaries of earlier versions, whose source has no address; they are made again when the store opens. */
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
      // What depends on it finds the new one under the same name.
      settings: { check_table_dependencies: 0, check_referential_table_dependencies: 0 },
    });
  }
}

/** A value as an SQL literal, for the few places whose grammar takes no bound parameter. */
export function literal(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

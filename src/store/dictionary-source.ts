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
    `DB 'tailrace' TABLE ${literal(source.table)}`,
    ...(source.reader ? [`USER ${literal(source.reader.user)} PASSWORD ${literal(source.reader.password)}`] : []),
    ...(source.where ? [`WHERE ${literal(source.where)}`] : []),
  ];
  return `SOURCE(CLICKHOUSE(${parts.join(' ')}))`;
}

/** A value as an SQL literal, for the few places whose grammar takes no bound parameter. */
export function literal(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

/** As whom a ClickHouse server reads a table for its dictionary; without it as `default` with an empty password. */
export interface DictionaryReader {
  readonly user: string;
  readonly password: string;
}

/** The SOURCE clause of a dictionary over one of our own tables. */
export function tableSource(table: string, reader?: DictionaryReader): string {
  const credentials = reader === undefined ? '' : `USER ${literal(reader.user)} PASSWORD ${literal(reader.password)}`;
  return `SOURCE(CLICKHOUSE(DB 'tailrace' TABLE '${table}' ${credentials}))`;
}

/** The grammar of SOURCE(…) takes no bound parameter. */
function literal(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

import { linearPattern } from '../../text/linear-pattern.ts';
import { allowedSystemTables } from './refused-names.ts';

const name = '(?:[A-Za-z_][A-Za-z0-9_]*|`[^`\\\\]+`)';
const like = "(?: (?:NOT )?I?LIKE '(?:[^'\\\\]|\\\\.)*')?";
const limit = '(?: LIMIT [0-9]+)?';

/**
 * Statements whose syntax tree does not show everything, in the engine's normal form. Each group `database` or
 * `table` is a name to check.
 */
const shows = [
  `SHOW (?:FULL )?(?:TABLES|DICTIONARIES)(?: FROM (?<database>${name}))?${like}${limit}`,
  `SHOW DATABASES${like}${limit}`,
  `SHOW FUNCTIONS${like}`,
  `SHOW (?:EXTENDED )?(?:FULL )?COLUMNS FROM (?<table>${name})(?: FROM (?<database>${name}))?${like}${limit}`,
  `SHOW (?:EXTENDED )?INDEXES FROM (?<table>${name})(?: FROM (?<database>${name}))?`,
  `(?:SHOW CREATE|EXISTS) (?:TABLE|VIEW|DICTIONARY) (?:(?<database>${name})\\.)?(?<table>${name})`,
].map((pattern) => linearPattern(`^(?:${pattern})$`));

/** Whether a statement lists or describes tables of this database, or allowed system tables. */
export function isAllowedShow(normal: string, database: string): boolean {
  for (const pattern of shows) {
    const names = pattern.names(normal);
    if (names === undefined) continue;
    const owner = names.database ? names.database.replaceAll('`', '') : database;
    const table = names.table?.replaceAll('`', '');
    return (
      owner === database ||
      (owner === 'system' && (table === undefined || allowedSystemTables.has(table.toLowerCase())))
    );
  }
  return false;
}

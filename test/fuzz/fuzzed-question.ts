import type { Random } from '../../bench/traffic/random.ts';

/** What lexers disagree about, what ends a statement, and what a query may not contain. */
const pieces = [
  ...[
    '$0$$',
    '.1a$$',
    '$$',
    '$a$',
    ' $b$ ',
    '1e--',
    '1.',
    '.5',
    '0x1p',
    '1_000',
    '--\n',
    '-- ',
    '#!',
    '# ',
    '//',
    '/*',
    '*/',
    '/**/',
  ],
  ...[
    "'",
    "''",
    '"',
    '`',
    '\\',
    "\\'",
    '\\x66',
    '\\x6ce',
    '\\N',
    '“',
    '”',
    '‘',
    '’',
    '\0',
    '\n',
    '\r',
    '\t',
    '\u00a0',
    '\u2060',
    '\ufeff',
  ],
  ...[
    '\u3000',
    '\ud800',
    ';',
    '; SELECT 1',
    ',',
    '.',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '{a:String}',
    '{a:Identifier}',
    '->',
    '::',
    '?:',
    '@@',
    '||',
  ],
  ..." INTO OUTFILE 'x'| SETTINGS readonly = 0| SETTINGS final, a=1| FORMAT Null| FORMAT TSV SETTINGS a=1| PARALLEL WITH | UNION ALL ".split(
    '|',
  ),
  ...' AS file| AS `fi\\x6ce`| IN system.processes|system.|`system`.| FINAL| SAMPLE 1| LIMIT 1 WITH TIES| EXCEPT (a)| APPLY(file)'.split(
    '|',
  ),
  ..."file('x')|`file`('x')|FILE ('x')|url('x')|remote('x', system, one)|getMacro('x')|arrayMap(file, ['x'])|COLUMNS('a')".split(
    '|',
  ),
  ...'EXPLAIN |SELECT |WITH 1 AS x |DESCRIBE |INSERT INTO t |SET |SHOW TABLES |x -> x|CASE WHEN 1 THEN 2 END|INTERVAL 1 DAY'.split(
    '|',
  ),
];

/** A statement that was changed in one to three places. @param statements of which it is made */
export function fuzzedQuestion(statements: readonly string[], random: Random): string {
  let sql = random.pick(statements);
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(sql.length + 1);
    const other = random.pick(statements);
    const from = random.below(other.length + 1);
    switch (random.below(5)) {
      case 0:
        sql = sql.slice(0, at) + sql.slice(at + 1 + random.below(8));
        break;
      case 1:
        sql = sql.slice(0, at) + other.slice(from, from + 1 + random.below(30)) + sql.slice(at);
        break;
      case 2:
        sql = sql.replace(/[A-Za-z_]+|'[^']*'/g, (word) => (random.chance(0.1) ? random.pick(pieces) : word));
        break;
      default:
        sql = sql.slice(0, at) + random.pick(pieces) + sql.slice(at + random.pick([0, 0, 0, 1, 5]));
    }
  }
  return sql;
}

import { type Attack, type AttackKind, cross, plain } from './attack.ts';

/** Ways to write a call so that one parser sees it and another does not. */
function disguised(call: string): string[] {
  const [name = '', rest = ''] = [call.slice(0, call.indexOf('(')), call.slice(call.indexOf('('))];
  const escaped = `${name.slice(0, 2)}\\x${name.charCodeAt(2).toString(16)}${name.slice(3)}`;
  return [
    `SELECT 1 $0$$, ${call} AS b$$`,
    `SELECT 1, .1a$$, ${call} AS b$$`,
    `SELECT $${'t'.repeat(300)}$ ', ${call}, ' $${'t'.repeat(300)}$`,
    `SELECT $a$ $b$ $a$, ${call}, $b$ $b$`,
    `SELECT $$ $$, ${call}`,
    `SELECT 1e--1\n, ${call}`,
    `SELECT 1--\n, ${call}`,
    `SELECT 1 #x\n, ${call}`,
    `SELECT 1 # x\n, ${call}`,
    `SELECT 1 #!x\n, ${call}`,
    `SELECT 1 // x\n, ${call}`,
    `SELECT 1 /* /* */ */, ${call}`,
    `SELECT 1 /*/ , ${call} /*/`,
    `SELECT 1 /* */, ${call} /* */`,
    `SELECT ${name}/**/${rest}`,
    `SELECT ${name}\n\t ${rest}`,
    `SELECT \`${name}\`${rest}`,
    `SELECT "${name}"${rest}`,
    `SELECT \`${escaped}\`${rest}`,
    `SELECT "${escaped}"${rest}`,
    `SELECT \`${name.slice(0, 2)}\\${name.slice(2)}\`${rest}`,
    `SELECT ${name.toUpperCase()}${rest}`,
    `SELECT \u201c${name}\u201d${rest}`,
    ...['\u00a0', '\u2060', '\u200b', '\ufeff', '\u3000', '\u0085', '\u2028', '\v', '\f', '\0', '\u180e'].flatMap(
      (blank) => [`SELECT ${name}${blank}${rest}`, `SELECT${blank}${call}`],
    ),
    `SELECT '\\', ${call}, '`,
    `SELECT '\\\\', ${call}`,
    `SELECT '''', ${call}`,
    `SELECT '\\'', ${call}`,
    `SELECT \u2018a', \u2019, ${call}`,
    `SELECT 'a\ud800', ${call}`,
    `SELECT 'a\ufffd', ${call}`,
    `SELECT 0x1${call}`,
    `SELECT 1.${call}`,
    `SELECT 1_000${call}`,
    `SELECT 0b1, ${call}`,
    `SELECT x'27', ${call}, x'27'`,
    `SELECT b'00100111', ${call}`,
    `SELECT {a:String}, ${call}`,
    `SELECT 1 AS "x (alias y)", ${call}`,
    `SELECT 1 AS \`Literal 'x'\`, ${call}`,
    `SELECT 1 AS "a\nLiteral 1", ${call}`,
    `SELECT 1 AS "a\rb", ${call}`,
    `SELECT 1 AS ' (children 1)', ${call}`,
    `SELECT 1 AS x, (${call}) AS "Function lower (children 1)"`,
    `;;SELECT ${call}`,
    `(((SELECT ${call})))`,
    `SELECT ${call};`,
    `SELECT ${call} -- INTO OUTFILE`,
    `-- x\rSELECT ${call}`,
    `SELECT tailrace.${call}`,
  ];
}

export const lexerTricks: AttackKind = {
  name: 'lexer tricks',
  // In some of them the call is a part of a text, and the text is the answer.
  mustFail: false,
  attacks: ({ secretFile, newFile }): Attack[] => [
    ...plain(disguised(`file('${secretFile}')`)),
    ...plain(disguised("getMacro('x')")),
    ...plain([
      `SELECT 1 AS x, .1INTO OUTFILE '${newFile}'`,
      `SELECT 1 AS x, 1INTO OUTFILE '${newFile}'`,
      `SELECT 1 AS x, 0x1INTO OUTFILE '${newFile}'`,
      `SELECT 'a'INTO OUTFILE '${newFile}'`,
      `SELECT $$a$$INTO OUTFILE '${newFile}'`,
      `SELECT "a"INTO/**/OUTFILE '${newFile}'`,
      `SELECT 1 \u00a0INTO\u00a0OUTFILE '${newFile}'`,
      `SELECT 1 AS INTO INTO OUTFILE '${newFile}'`,
    ]),
  ],
};

export const manyStatements: AttackKind = {
  name: 'several statements',
  mustFail: true,
  attacks: ({ newFile }) =>
    cross(
      [
        'SET ROLE ALL',
        'SET readonly = 0',
        'DROP TABLE requests',
        'SYSTEM SHUTDOWN',
        `SELECT 1 INTO OUTFILE '${newFile}'`,
      ],
      [
        (second) => `SELECT 1; ${second}`,
        (second) => `SELECT 1;\n${second};`,
        (second) => `SELECT 1 $0$$; ${second} --$$`,
        (second) => `SELECT 1 /* ; */; ${second}`,
        (second) => `SELECT ';'; ${second}`,
        (second) => `SELECT 1 PARALLEL WITH ${second}`,
        (second) => `${second}; SELECT 1`,
        (second) => `SELECT 1 FORMAT TSV; ${second}`,
        (second) => `EXPLAIN SELECT 1; ${second}`,
        (second) => `SELECT 1\0; ${second}`,
        (second) => `SELECT 1 \u037e; ${second}`,
      ],
    ),
};

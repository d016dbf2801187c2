import { higherOrderFunctions, isAllowedFunction, isRefusedFunction, outsideFunctions } from './allowed-functions.ts';
import { refusal, refuseTableFunction } from './refusal.ts';
import { allowedSystemTables, allowedTableFunctions } from './refused-names.ts';

/** Parts of a SELECT without a name. Every other part is refused, including those of later engine versions. */
const plainParts = new Set([
  'ArrayJoin',
  'Asterisk',
  'ColumnsExceptTransformer',
  'ColumnsListMatcher',
  'ColumnsRegexpMatcher',
  'ColumnsReplaceTransformer',
  'ColumnsReplaceTransformer::Replacement',
  'ColumnsTransformerList',
  'ExpressionList',
  'Explain EXPLAIN',
  'Explain EXPLAIN AST',
  'Explain EXPLAIN ESTIMATE',
  'Explain EXPLAIN PIPELINE',
  'Explain EXPLAIN QUERY TREE',
  'Explain EXPLAIN SYNTAX',
  'OrderByElement',
  'QualifiedAsterisk',
  'QualifiedColumnsListMatcher',
  'QualifiedColumnsRegexpMatcher',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'Subquery',
  'TableExpression',
  'TableJoin',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'WindowDefinition',
  'WindowListElement',
  'WithElement',
]);

const lakeTables = new Set(['requests', 'logs']);

/** What a question may read besides a few tables of the engine itself. */
export interface QuestionReach {
  /** The store's. */
  readonly database: string;
  /** Whether there are `lake.requests` and `lake.logs`. */
  readonly hasLake: boolean;
}

const roots = /^(?:SelectWithUnionQuery|DescribeQuery|Explain [A-Z ]+) \(children \d\)$/;

/**
 * Checks a syntax tree, as `EXPLAIN AST` writes it, against what a question may contain: a part per line, its depth as
 * leading blanks, ` (alias x)` and ` (children n)` at the end. A name cannot hide a part, as each has its line; one
 * that looks like a line only adds a part that must be allowed.
 *
 * @throws EngineError `TAILRACE_QUERY_REFUSED`
 */
export function judgeTree(tree: string, reach: QuestionReach): void {
  const lines = tree.split('\n').filter((line) => line !== '');
  if (!roots.test(lines[0] ?? '')) {
    throw refusal(
      `it is ${JSON.stringify((lines[0] ?? 'nothing').replace(/ \(.*/, ''))} to the engine`,
      'of SHOW only TABLES, COLUMNS, INDEXES, FUNCTIONS, DATABASES and CREATE TABLE are allowed; of EXPLAIN all but ANALYZE',
    );
  }
  const parts = lines.map(readPart);
  for (const [index, part] of parts.entries()) {
    // Options of EXPLAIN itself, which the engine checks.
    if (index === 1 && part.kind === 'Set' && lines[0]?.startsWith('Explain ')) continue;
    if (part.kind !== 'Function') judgePart(part, reach);
    else if (parts[index - 1]?.kind === 'TableExpression') judgeTableFunction(part.name);
    else judgeFunction(part.name, parts[index + 1], parts[index + 2]);
  }
}

/** Removes a trailing ` (alias …)`. */
function withoutAlias(text: string): string {
  const at = text.search(/(?:^| )\(alias /);
  return at !== -1 && text.endsWith(')') ? text.slice(0, at) : text;
}

interface Part {
  readonly kind: string;
  readonly name: string;
  /** The text after the kind: name, alias, number of children. */
  readonly rest: string;
}

function readPart(line: string): Part {
  const text = line.trimStart();
  const kind = text.slice(0, `${text} `.indexOf(' '));
  const rest = text.slice(kind.length + 1);
  return { kind, rest, name: withoutAlias(rest.replace(/(?:^| )\(children \d+\)$/, '')) };
}

function judgePart({ kind, name, rest }: Part, reach: QuestionReach): void {
  switch (kind) {
    case 'Literal':
    case 'SampleRatio':
    case 'InterpolateElement':
      return;
    case 'Identifier':
      judgeIdentifier(name, reach);
      return;
    case 'TableIdentifier':
      judgeTable(name, reach);
      return;
    // A further child is an output file, a format or settings.
    case 'SelectWithUnionQuery':
    case 'DescribeQuery':
      if (rest === '(children 1)') return;
      throw refusal(
        'it may have no INTO OUTFILE, FORMAT or SETTINGS',
        'remove it, and choose the output option instead',
      );
    case 'ColumnsApplyTransformer':
      throw refusal('APPLY names a function that the engine does not show', 'write the function around each column');
    default:
      if (plainParts.has(name === '' ? kind : `${kind} ${name}`)) return;
      throw refusal(`its part ${JSON.stringify(kind)} is not allowed in a query`, 'write the query without it');
  }
}

function judgeTableFunction(name: string): void {
  if (!allowedTableFunctions.has(name.toLowerCase())) throw refuseTableFunction(name);
}

/** @param list the part below it, its arguments; @param first the part below that, the first argument */
function judgeFunction(name: string, list: Part | undefined, first: Part | undefined): void {
  const folded = name.toLowerCase();
  if (isRefusedFunction(folded)) throw reachesOutside(name);
  if (!isAllowedFunction(folded)) {
    throw refusal(
      `"${name}" is no function that questions may call`,
      'check its spelling; SHOW FUNCTIONS lists what the engine has',
    );
  }
  if (!higherOrderFunctions.has(folded) || first?.kind !== 'Identifier' || list?.rest === '(children 1)') return;
  if (isAllowedFunction(first.name.toLowerCase()) || first.name.includes('.')) return;
  throw refusal(
    `"${first.name}" may be the name of a function that "${name}" calls`,
    'write the function as x -> …, and a column with its table before it',
  );
}

/** Some functions take a function's name: `arrayMap(file, […])`. A column of that name must be qualified. */
function judgeIdentifier(name: string, reach: QuestionReach): void {
  if (outsideFunctions.has(name.toLowerCase())) throw reachesOutside(name);
  // `x IN system.processes` also reads a table.
  if (/^(?:system|information_schema|default|lake_files|_temporary_and_external_tables)\./i.test(name))
    judgeTable(name, reach);
}

function reachesOutside(name: string) {
  const remedy =
    name.toLowerCase() === 'file'
      ? 'put its table before the column, or name the alias otherwise'
      : 'ask the tables of the store';
  return refusal(`"${name}" is a function that reaches outside of the store`, remedy);
}

function judgeTable(name: string, { database, hasLake }: QuestionReach): void {
  const dot = name.indexOf('.');
  if (dot === -1) return;
  const owner = name.slice(0, dot);
  if (owner === database) return;
  if (owner === 'lake' && lakeTables.has(name.slice(dot + 1))) {
    if (hasLake) return;
    throw refusal('there is no lake to read', 'add the section lake to the configuration; see docs/lake.md');
  }
  if (owner === 'system' && allowedSystemTables.has(name.slice(dot + 1).toLowerCase())) return;
  throw refusal(
    `${name} is no table of the store; it may reveal details of the machine or other users' queries`,
    'ask the tables of the store; SHOW TABLES lists them',
  );
}

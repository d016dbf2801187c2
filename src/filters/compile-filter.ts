import { type Field, type Fields, findField } from './fields.ts';
import type { Filter, Term, Test } from './filter.ts';

/** A filter as SQL. Columns are those of the schema; whatever a user wrote is the value of a placeholder. */
export interface Condition {
  /** Terms joined by AND, each on a line of its own; empty for a filter without terms. */
  readonly sql: string;
  /** Values of its placeholders `{name:Type}`, by name: a field's name and a number. */
  readonly params: Readonly<Record<string, string>>;
  /** Columns that it reads. */
  readonly columns: readonly string[];
}

/** Binds a value, and gives its placeholder. */
type Bind = (field: Field, value: string) => string;

export function compileFilter(filter: Filter, fields: Fields): Condition {
  const params: Record<string, string> = {};
  const bind: Bind = ({ name, type }, value) => {
    const parameter = `${name.replace(/\..*/s, '')}_${Object.keys(params).length + 1}`;
    params[parameter] = value;
    return `{${parameter}:${type}}`;
  };
  const used = filter.map((term) => {
    const found = findField(fields, term.field);
    if (!found) throw new Error(`BUG: no field ${term.field}`);
    const field = found.key === undefined ? found : { ...found, sql: `${found.sql}[${bind(found, found.key)}]` };
    return { field, sql: compileTerm(field, term, bind) };
  });
  return {
    sql: used.map(({ sql }) => sql).join('\nAND '),
    params,
    columns: [...new Set(used.flatMap(({ field }) => field.columns))],
  };
}

function compileTerm(field: Field, { tests, isNegated }: Term, bind: Bind): string {
  const values = tests.filter((test) => test.is === 'value' && !(field.isNullable && test.value === ''));
  const others = tests.filter((test) => !values.includes(test));
  // Where a value may be missing, its comparison is neither true nor false.
  const isPlain = !field.isNullable || !isNegated;
  const [only] = tests;
  if (isPlain && only && tests.length === 1) return compileTest(field, only, bind, isNegated);
  const list = values.map((test) => bindValue(field, test, bind)).join(', ');
  if (isPlain && others.length === 0) return `${field.sql} ${isNegated ? 'NOT IN' : 'IN'} (${list})`;
  const parts = others.map((test) => compileTest(field, test, bind, false));
  if (list !== '') parts.push(`${field.sql} IN (${list})`);
  const any = parts.join(' OR ');
  if (!isNegated) return `(${any})`;
  return field.isNullable ? `NOT ifNull(${any}, false)` : `NOT (${any})`;
}

function compileTest(field: Field, test: Test, bind: Bind, isNegated: boolean): string {
  const { sql, isNullable, kind } = field;
  const not = isNegated ? 'NOT ' : '';
  switch (test.is) {
    case 'value':
      if (isNullable && test.value === '') return `${sql} IS ${not}NULL`;
      if (kind === 'yes or no') return (test.value === 'true') === isNegated ? `NOT ${sql}` : sql;
      return `${sql} ${isNegated ? '!=' : '='} ${bindValue(field, test, bind)}`;
    case 'like':
      if (isNullable) return `${sql} IS ${isNegated ? '' : 'NOT '}NULL`;
      if (test.parts.every((part) => part === '')) return `${sql} ${isNegated ? '=' : '!='} ''`;
      return `${sql} ${not}LIKE ${bind(field, test.parts.map(escapePattern).join('%'))}`;
    case 'range':
      return `${sql} ${not}BETWEEN ${bind(field, test.from)} AND ${bind(field, test.to)}`;
    case 'compared':
      return isNegated
        ? `NOT (${sql} ${test.by} ${bind(field, test.value)})`
        : `${sql} ${test.by} ${bind(field, test.value)}`;
  }
}

function bindValue(field: Field, test: Test, bind: Bind): string {
  return bind(field, test.is === 'value' ? test.value : '');
}

/** All that has a meaning in a pattern; so no backslash stands before an ordinary character, which indexes take otherwise. */
function escapePattern(text: string): string {
  return text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
}

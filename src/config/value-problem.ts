import type { z } from 'zod';
import { nearestName } from '../text/nearest-name.ts';
import { type ConfigPath, nameOfPath } from './config-path.ts';
import type { FoundProblem } from './config-problem.ts';
import { keysAt, noteAt } from './schema-lookup.ts';
import { quote } from './secrecy.ts';
import type { Place, YamlValues } from './yaml-values.ts';

type Issue = z.core.$ZodIssue;

/** Context for describing problems: the schema, the file's values, and which of them must not be shown. */
export interface Judged {
  readonly schema: z.core.$ZodType;
  readonly values: YamlValues;
  isHidden(place: Place): boolean;
}

/** A problem with a present value that its key does not allow. */
export function unfitValue(path: ConfigPath, value: unknown, issue: Issue, judged: Judged): FoundProblem {
  const place = judged.values.place(path);
  const isScalar = place?.written !== undefined;
  const isHidden = isScalar && judged.isHidden(place);
  const hasText = isScalar && value !== null && value !== '';
  const shown = hasText ? ` ${isHidden ? '"***"' : quote(String(value))}` : '';
  const from = place && place.variables.length > 0 ? ` (from variable ${place.variables.join(', ')})` : '';

  const { cause, remedy } = explain(path, value, issue, judged, isHidden);
  return {
    span: (value === null ? place?.key : undefined) ?? place?.value ?? [0, 1],
    path,
    message: `cannot use ${nameOfPath(path)}${shown}${from}: ${cause}; ${remedy}`,
  };
}

interface Explanation {
  readonly cause: string;
  readonly remedy: string;
}

function explain(path: ConfigPath, value: unknown, issue: Issue, judged: Judged, isHidden: boolean): Explanation {
  const { schema, values } = judged;
  // A custom check may repeat parts of the value, so a hidden value gets a general message.
  if (issue.code === 'custom' && !isHidden) {
    const remedy: unknown = issue.params?.remedy;
    return { cause: issue.message, remedy: typeof remedy === 'string' ? remedy : 'correct it' };
  }
  const note = noteAt(schema, path, values.value);
  const keys = keysAt(schema, path, values.value);
  if (keys.length > 0 && note === undefined) {
    const remedy =
      value === null
        ? 'write its keys indented below it, or remove the line'
        : 'write its keys as "key: value", indented below it';
    return { cause: `it is ${kindOf(value)}, expected a mapping with ${keys.join(', ')}`, remedy };
  }
  const allowed = choices(issue);
  const expected = note?.expects ?? (allowed.length > 0 ? `one of ${allowed.join(', ')}` : expectation(issue));
  const cause = isRightKind(value, issue) ? `it is not ${expected}` : `it is ${kindOf(value)}, expected ${expected}`;

  const quotes = remedyForQuotes(value, issue, values.place(path), isHidden);
  if (quotes !== undefined) return { cause, remedy: quotes };
  const nearest = typeof value === 'string' && !isHidden ? nearestName(value, allowed) : undefined;
  if (nearest !== undefined) return { cause, remedy: `write ${nearest}` };
  const example = note?.example ?? allowed[0];
  const write = example === undefined ? 'write another value' : `write for example ${example}`;
  return { cause, remedy: value === null || value === '' ? `${write}, or remove the line` : write };
}

/** `password: 12345` needs quotes, `port: "4280"` has some too many. */
function remedyForQuotes(value: unknown, issue: Issue, place: Place | undefined, isHidden: boolean) {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return isHidden ? 'put it in quotes' : `put it in quotes: "${place?.written ?? value}"`;
  }
  const isNumber = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
  return isNumber && place?.isQuoted && place.variables.length === 0 ? 'remove the quotes' : undefined;
}

/** The allowed values of an issue about a choice; empty for other issues. */
export function choices(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  const options = issue.code === 'invalid_union' && 'options' in issue ? issue.options : undefined;
  return Array.isArray(options) ? options.map(String) : [];
}

// For fields without a note, which may come from plug-ins.
function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return issue.expected === 'array' ? 'a list' : `a ${issue.expected}`;
  return issue.message.replace(/^[^:]*: expected /, '');
}

/** Whether the value has the right type and only its content is wrong. */
function isRightKind(value: unknown, issue: Issue): boolean {
  if (value === null || value === '' || typeof value === 'object') return false;
  if (issue.code === 'invalid_type') return typeof value === 'number' && issue.expected === 'int';
  return issue.code !== 'invalid_union' || choices(issue).length > 0;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'true or false' : 'a number';
}

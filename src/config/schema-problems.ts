import type { z } from 'zod';
import { nearestName } from '../text/nearest-name.ts';
import { type ConfigPath, formatPath, nameOfPath } from './config-path.ts';
import type { FoundProblem } from './config-problem.ts';
import { anyName, keysAt, noteAt, pathsOfKey, property } from './schema-lookup.ts';
import { quote } from './secrecy.ts';
import { choices, type Judged, unfitValue } from './value-problem.ts';
import { unreadable } from './yaml-values.ts';

type Issue = z.core.$ZodIssue;

/** Describes zod's issues in terms of the file; at most `most` of them. */
export function describeIssues(issues: readonly Issue[], judged: Judged, most: number): FoundProblem[] {
  const problems: FoundProblem[] = [];
  for (const issue of issues) {
    if (problems.length >= most) break;
    const short = issue.code === 'unrecognized_keys' ? { ...issue, keys: issue.keys.slice(0, most) } : issue;
    problems.push(...describeIssue(short, judged));
  }
  return problems;
}

/** One issue gives several problems if it names several unknown keys. */
function describeIssue(issue: Issue, judged: Judged): FoundProblem[] {
  const path = issue.path as ConfigPath;
  if (valueAt(judged, path) === unreadable) return [];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, judged));
  if (issue.code === 'invalid_key') return [invalidName(path, judged)];
  // A union of mappings without a discriminator: the alternative with the fewest issues is most likely the one meant.
  if (issue.code === 'invalid_union' && issue.errors.some((issues) => issues.some((inner) => inner.path.length > 0))) {
    const [closest = []] = issue.errors.toSorted((a, b) => a.length - b.length);
    return closest.flatMap((inner) => describeIssue({ ...inner, path: [...path, ...inner.path] }, judged));
  }
  const value = valueAt(judged, path);
  return [value === undefined ? missing(path, issue, judged) : unfitValue(path, value, issue, judged)];
}

function unknownKey(path: ConfigPath, key: string, { schema, values }: Judged): FoundProblem {
  const inside = [...path, key];
  const known = keysAt(schema, path, values.value);
  const nearest = nearestName(key, known);
  const elsewhere = pathsOfKey(schema, key)
    .map((other) => withNamesOf(path, other))
    // Below a name in another section, nobody means that key by this one.
    .filter((other) => path.length === 0 || other[0] === path[0] || !other.includes(anyName))
    .find((other) => formatPath(other.slice(0, -1)) !== formatPath(path));

  let remedy = `remove it, or use one of: ${known.join(', ')}`;
  if (nearest !== undefined) {
    const line = values.place([...path, nearest])?.key;
    remedy = line ? `remove it; "${nearest}" is given as well` : `write "${nearest}"`;
  } else if (elsewhere !== undefined) {
    remedy = `write it as ${formatPath(elsewhere)}`;
  }
  const place = values.place(inside);
  return {
    span: place?.key ?? place?.value ?? [0, 1],
    path: inside,
    message: `cannot use key ${quote(key)}: ${nameOfPath(path)} has no such key; ${remedy}`,
  };
}

/** `pipelines.NAME.source` → `pipelines.edge.source`, for a path in the pipeline `edge`. */
function withNamesOf(path: ConfigPath, other: ConfigPath): ConfigPath {
  return other.map((step, index) => {
    const isShared = step === anyName && formatPath(other.slice(0, index)) === formatPath(path.slice(0, index));
    return isShared ? (path[index] ?? step) : step;
  });
}

function invalidName(path: ConfigPath, { values }: Judged): FoundProblem {
  const place = values.place(path);
  const name = quote(String(path.at(-1) ?? ''));
  const message = `cannot use name ${name}: it has characters that a name cannot have; write letters, digits, "-" and "_"`;
  return { span: place?.key ?? place?.value ?? [0, 1], path, message };
}

function missing(path: ConfigPath, issue: Issue, { schema, values }: Judged): FoundProblem {
  const parent = path.slice(0, -1);
  const key = path.at(-1) ?? '';
  const place = values.place(parent);
  const note = noteAt(schema, path, values.value);
  const example = note?.example ?? choices(issue)[0];
  const remedy = example === undefined ? `add ${key}` : `add for example ${key}: ${example}`;
  const message = `cannot use ${nameOfPath(parent)}: "${key}" is missing; ${remedy}`;
  return { span: place?.key ?? place?.value ?? [0, 1], path, message };
}

function valueAt({ values }: Judged, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, step) => property(value, step), values.value);
}

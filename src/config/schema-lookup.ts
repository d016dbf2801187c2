import type { z } from 'zod';
import type { ConfigPath } from './config-path.ts';
import { type FieldNote, fieldNotes } from './field-note.ts';

type Schema = z.core.$ZodType;

/**
 * The schemas that apply to the value at `path`: one, or several below a union. `value` is the whole file, whose
 * discriminators select the members of unions. Empty for a path that is not in the schema.
 */
export function schemasAt(schema: Schema, path: ConfigPath, value: unknown): Schema[] {
  const candidates = unwrap(schema).filter((candidate) => mayMatch(candidate, value));
  const [step, ...rest] = path;
  if (step === undefined) return candidates;
  const inside = property(value, step);
  return candidates.flatMap((candidate) => {
    const child = childOf(candidate, step);
    return child === undefined ? [] : schemasAt(child, rest, inside);
  });
}

/** The note of a field, searched through all wrappers, since `.optional()` and the like have none of their own. */
export function noteAt(schema: Schema, path: ConfigPath, value: unknown): FieldNote | undefined {
  const parents = path.length === 0 ? [schema] : schemasAt(schema, path.slice(0, -1), value);
  const step = path.at(-1);
  for (const parent of parents) {
    const child = step === undefined ? parent : childOf(parent, step);
    const note = child && noteOf(child);
    if (note) return note;
  }
  return undefined;
}

/** Whether the value at `path`, or a parent of it, is marked secret in any schema that may apply. */
export function isSecret(schema: Schema, path: ConfigPath): boolean {
  return path.some((_, index) => noteAt(schema, path.slice(0, index + 1), undefined)?.secret === true);
}

/** Keys that a mapping at `path` may have. */
export function keysAt(schema: Schema, path: ConfigPath, value: unknown): string[] {
  return [...new Set(schemasAt(schema, path, value).flatMap((candidate) => Object.keys(shapeOf(candidate))))];
}

/** Placeholder for a user-defined name in {@link pathsOfKey}. */
export const anyName = 'NAME';

/** Every path at which the schema has `key`, except inside lists; for the message "belongs under". */
export function pathsOfKey(schema: Schema, key: string, path: ConfigPath = []): ConfigPath[] {
  return unwrap(schema).flatMap((candidate) => {
    const { def } = (candidate as z.core.$ZodTypes)._zod;
    if (def.type === 'record') return pathsOfKey(def.valueType, key, [...path, anyName]);
    return Object.entries(shapeOf(candidate)).flatMap(([name, child]) => [
      ...(name === key ? [[...path, name]] : []),
      ...pathsOfKey(child, key, [...path, name]),
    ]);
  });
}

function noteOf(schema: Schema): FieldNote | undefined {
  const note = fieldNotes.get(schema);
  if (note) return note;
  const inner = innerOf(schema);
  return inner && noteOf(inner);
}

/** The schema inside a wrapper (default, optional, the input side of a transform). */
function innerOf(schema: Schema): Schema | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
    case 'nonoptional':
      return def.innerType;
    case 'pipe':
      return def.in;
    default:
      return undefined;
  }
}

function unwrap(schema: Schema): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'union') return def.options.flatMap((option) => unwrap(option));
  const inner = innerOf(schema);
  return inner ? unwrap(inner) : [schema];
}

function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? def.shape : {};
}

function childOf(schema: Schema, step: string | number): Schema | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'array') return def.element;
  if (def.type === 'record') return def.valueType;
  const shape = shapeOf(schema);
  return Object.hasOwn(shape, step) ? shape[step] : undefined;
}

/** False for a member of a union whose literals (its `type`) contradict the value. */
function mayMatch(schema: Schema, value: unknown): boolean {
  return Object.entries(shapeOf(schema)).every(([key, child]) => {
    const written = property(value, key);
    const { def } = (child as z.core.$ZodTypes)._zod;
    return def.type !== 'literal' || written === undefined || def.values.some((allowed) => allowed === written);
  });
}

/** The value under a key or list position, `undefined` where there is none. */
export function property(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

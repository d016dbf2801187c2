import type { z } from 'zod';
import type { ConfigPath } from './config-path.ts';
import { property } from './schema-lookup.ts';
import type { YamlValues } from './yaml-values.ts';

/**
 * Environment variables are always text. Where the schema expects a number or a boolean and the text is one, it is
 * converted; where the schema expects text it stays, so that the password `12345` is not a number. Only values from
 * variables: `port: "4280"` in the file itself is reported as a mistake. Changes `values.value` in place.
 */
export function retypeNumbers(schema: z.ZodType, values: YamlValues): unknown {
  const result = schema.safeParse(values.value);
  for (const issue of result.error?.issues ?? []) {
    if (issue.code !== 'invalid_type') continue;
    const path = issue.path as ConfigPath;
    const step = path.at(-1);
    const holder = path.slice(0, -1).reduce<unknown>((value, key) => property(value, key), values.value);
    if (step === undefined || typeof holder !== 'object' || holder === null) continue;
    if ((values.place(path)?.variables.length ?? 0) === 0) continue;
    const typed = typedValue(property(holder, step), issue.expected);
    if (typed !== undefined) (holder as Record<string | number, unknown>)[step] = typed;
  }
  return values.value;
}

function typedValue(text: unknown, expected: string): number | boolean | undefined {
  if (typeof text !== 'string') return undefined;
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  if (isNumber && (expected === 'number' || expected === 'int')) return Number(text);
  if (expected === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return undefined;
}

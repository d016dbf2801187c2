import { resolve } from 'node:path';
import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.ts';
import { fieldNotes } from './field-note.ts';
import type { Quantity } from './quantity.ts';
import { formatSize, parseSize } from './size.ts';

/** Text that is not empty. */
export function text(expects: string, example: string) {
  return z.string().min(1).register(fieldNotes, { expects, example });
}

/** Text that is never shown in a message or an excerpt; may be empty. */
export function secretText(expects: string, example: string) {
  return z.string().register(fieldNotes, { expects, example, secret: true });
}

export function wholeNumber({ least, most, example }: { least: number; most: number; example: number }) {
  const expects = `a whole number from ${least} to ${most}`;
  return z
    .int()
    .min(least)
    .max(most)
    .register(fieldNotes, { expects, example: String(example) });
}

/** A path as written → an absolute one, relative to the folder of the configuration file. */
export function filePath(baseDirectory: string, expects: string, example: string, suffixes: readonly string[] = []) {
  return z
    .string()
    .min(1)
    .register(fieldNotes, { expects, example })
    .transform((path, context) => {
      if (path.startsWith('~')) {
        return refuse(context, 'only a shell knows what "~" is', `write \${HOME}${path.replace(/^~[^/]*/, '')}`);
      }
      if (path.includes('\0')) return refuse(context, 'a path cannot hold a zero byte', `write ${example}`);
      if (suffixes.length > 0 && !suffixes.some((suffix) => path.toLowerCase().endsWith(suffix))) {
        return refuse(context, `its name does not end in ${suffixes.join(' or ')}`, `name ${expects}`);
      }
      return resolve(baseDirectory, path);
    });
}

/** `512MB`, or a number of bytes → bytes. */
export function size({ leastBytes, mostBytes, example }: { leastBytes: number; mostBytes?: number; example: string }) {
  const expects =
    mostBytes === undefined
      ? `a size of at least ${formatSize(leastBytes)}`
      : `a size from ${formatSize(leastBytes)} to ${formatSize(mostBytes)}`;
  return z
    .union([z.string(), z.int()])
    .register(fieldNotes, { expects, example })
    .transform((written, context) => {
      const parsed = bareNumber(written) ?? parseSize(String(written));
      const remedy = `write for example ${example}`;
      if ('value' in parsed && parsed.value < leastBytes) {
        return settle(context, { cause: `it is less than ${formatSize(leastBytes)}`, remedy });
      }
      if ('value' in parsed && mostBytes !== undefined && parsed.value > mostBytes) {
        return settle(context, { cause: `it is more than ${formatSize(mostBytes)}`, remedy });
      }
      return settle(context, parsed);
    });
}

/** `30s`, or a bare number for a key whose name says seconds → whole seconds, at least 1. */
export function seconds({ example }: { example: string }) {
  return z
    .union([z.string(), z.number()])
    .register(fieldNotes, { expects: 'a number of seconds or a duration', example })
    .transform((written, context) => {
      const bare = bareNumber(written);
      return settle(context, wholeSeconds(bare ? { value: bare.value * 1000 } : parseDuration(String(written))));
    });
}

/** `250ms`, `5m` → milliseconds. */
export function duration({ leastMs, mostMs, example }: { leastMs: number; mostMs: number; example: string }) {
  const expects = `a duration from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
  return z
    .union([z.string(), z.number()])
    .register(fieldNotes, { expects, example })
    .transform((written, context) => {
      const parsed = parseDuration(String(written));
      const isOutside = 'value' in parsed && (parsed.value < leastMs || parsed.value > mostMs);
      return settle(
        context,
        isOutside ? { cause: `it is not ${expects}`, remedy: `write for example ${example}` } : parsed,
      );
    });
}

/** `90d` → seconds; `forever` → null. */
export function lifetime({ example }: { example: string }) {
  return z
    .union([z.string(), z.number()])
    .register(fieldNotes, { expects: 'a duration or forever', example })
    .transform((written, context) =>
      written === 'forever' ? null : settle(context, wholeSeconds(parseDuration(String(written)))),
    );
}

function wholeSeconds(milliseconds: Quantity): Quantity {
  if (!('value' in milliseconds)) return milliseconds;
  const { value } = milliseconds;
  if (value < 1000) return { cause: 'it is less than a second', remedy: 'write at least 1s' };
  if (value % 1000 === 0) return { value: value / 1000 };
  const rounded = formatDuration(Math.ceil(value / 1000) * 1000);
  return { cause: 'it is not a whole number of seconds', remedy: `write ${rounded}` };
}

// Environment variables hold numbers as text, so text of digits alone counts as a number.
function bareNumber(written: string | number): { value: number } | undefined {
  const isNumber = typeof written === 'number' || /^\d{1,15}$/.test(written);
  return isNumber ? { value: Number(written) } : undefined;
}

type Context = z.core.$RefinementCtx;

function settle(context: Context, parsed: Quantity): number {
  return 'value' in parsed ? parsed.value : refuse(context, parsed.cause, parsed.remedy);
}

/**
 * Reports a problem with a value of the right type, or with the value at `path` inside it; returns what a zod transform
 * must return after that.
 */
export function refuse(
  context: Context,
  cause: string,
  remedy: string,
  path: (string | number)[] = [],
): typeof z.NEVER {
  context.addIssue({ code: 'custom', message: cause, params: { remedy }, path });
  return z.NEVER;
}

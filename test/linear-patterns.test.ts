import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { checkSync as Check } from 'recheck';
import { parseSync } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * No input may make an expression take more than linear time. Each literal is proved linear by recheck
 * (https://makenowjust-labs.github.io/recheck/), which analyses automata instead of trying inputs; composed patterns,
 * and those that the engine runs too, are RE2: see src/formats/linear-pattern.ts.
 */
const root = resolve(import.meta.dirname, '..');

interface Literal {
  readonly pattern: string;
  readonly flags: string;
  readonly places: string[];
}

const literals = new Map<string, Literal>();
/** Places where a string becomes an expression, about which nothing can be proved. */
const made: string[] = [];

for (const file of ['src', 'web/src'].flatMap(codeBelow)) collect(file, readFileSync(join(root, file), 'utf8'));

let checkSync: typeof Check;

beforeAll(async () => {
  // Without Java, and without a separate program.
  process.env.RECHECK_BACKEND = 'pure';
  ({ checkSync } = await import('recheck'));
});

test('expressions are literals', () => {
  expect(made).toEqual([]);
  expect(literals.size).toBeGreaterThan(100);
});

/** Proved by an earlier run, which takes minutes; `npm run test:patterns` proves all again and writes them here. */
const provenPath = join(import.meta.dirname, 'proven-patterns.json');
const isCampaign = process.env.TAILRACE_PATTERNS === 'all';
const proven = new Set<string>(isCampaign ? [] : JSON.parse(readFileSync(provenPath, 'utf8')));
const open = [...literals].filter(([source]) => !proven.has(source));

describe.runIf(open.length > 0)('linear', () => {
  test.each(open)('%s', (source, { pattern, flags, places }) => {
    expect(judge(pattern, flags), `${source} in ${places.join(', ')}`).toBe('safe');
    proven.add(source);
  });

  afterAll(() => {
    if (isCampaign) writeFileSync(provenPath, `${JSON.stringify([...proven].sort(), undefined, 2)}\n`);
  });
});

test('what is not linear is seen', () => {
  expect(judge(String.raw`(?:\\[^]|[^])*?"+(?: |$)`, '')).toMatch(/exponential/);
  expect(judge(String.raw`\s+$`, '')).toMatch(/2nd degree polynomial/);
});

/** Bounds like {1,128} make an automaton too large to analyse: without them the pattern is proved in a second. */
const mostMs = 120_000;

/** `safe`, or the problem. */
function judge(pattern: string, flags: string): string {
  const diagnosis = checkSync(pattern, flags, { checker: 'automaton', timeout: mostMs });
  if (diagnosis.status === 'safe') return diagnosis.status;
  if (diagnosis.status === 'unknown') return `unknown: ${diagnosis.error.kind}`;
  return `${diagnosis.complexity.summary}: ${diagnosis.attack.pattern}`;
}

/** The properties used of a syntax tree node. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly name?: string;
  readonly raw?: string;
  readonly value?: unknown;
  readonly regex?: { readonly pattern: string; readonly flags: string };
  readonly callee?: Node;
  readonly property?: Node;
  readonly arguments?: readonly Node[];
}

function collect(file: string, text: string): void {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`cannot parse ${file}: ${errors[0]?.message}`);
  for (const node of nodesOf(program)) {
    const place = `${file}:${text.slice(0, node.start).split('\n').length}`;
    if (node.regex) {
      const literal = literals.get(node.raw ?? '') ?? { ...node.regex, places: [] };
      literal.places.push(place);
      literals.set(node.raw ?? '', literal);
    } else if (makesExpression(node)) made.push(place);
  }
}

/** `RegExp(…)`, and the string methods that create one from a string. */
function makesExpression({ callee, arguments: [first] = [] }: Node): boolean {
  if (callee?.type === 'Identifier') return callee.name === 'RegExp';
  const isText = first?.type === 'TemplateLiteral' || typeof first?.value === 'string';
  return isText && /^(match|matchAll|search)$/.test(callee?.property?.name ?? '');
}

function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && 'start' in value) yield value as Node;
  for (const member of Object.values(value)) yield* nodesOf(member);
}

function codeBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[mc]?tsx?$/.test(name) && !/\.test\.|\.d\.ts$|test-doubles|test-lib/.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

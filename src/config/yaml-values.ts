import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type ParsedNode, Scalar, type YAMLMap } from 'yaml';
import { nearestName } from '../text/nearest-name.ts';
import { type ConfigPath, nameOfPath } from './config-path.ts';
import type { FoundProblem } from './config-problem.ts';
import { type Environment, interpolate } from './interpolation.ts';
import { quote } from './secrecy.ts';
import type { Span } from './span.ts';
import { mostCharacters } from './yaml-excess.ts';

/** Position of a configuration value in the file, and its origin. */
export interface Place {
  readonly path: ConfigPath;
  readonly key?: Span;
  /** What to underline: for an alias, the alias. */
  readonly value: Span;
  /** Position of the value's own text: for an alias, at its anchor. */
  readonly origin: Span;
  /** The text between the quotes, before variables were replaced. Absent for mappings and lists. */
  readonly written?: string;
  readonly isQuoted: boolean;
  /** Names of the environment variables that the value's text contains. */
  readonly variables: readonly string[];
}

/** The values of a YAML document with variables replaced, and their positions. */
export interface YamlValues {
  readonly value: unknown;
  readonly problems: readonly FoundProblem[];
  place(path: ConfigPath): Place | undefined;
  readonly places: Iterable<Place>;
}

// Nested aliases grow without bound ("billion laughs"); real configurations have a few hundred values.
const mostValues = 20_000;

/**
 * Reads the values of a document that has no syntax errors. Never throws.
 * @param mostProblems reading stops after this number
 */
export function readYamlValues(
  root: ParsedNode | null,
  source: string,
  environment: Environment,
  mostProblems: number,
): YamlValues {
  const reader = new Reader(source, environment, mostProblems);
  const value = root === null ? null : reader.read(root, []);
  const { places, problems } = reader;
  return { value, problems, place: (path) => places.get(placeKey(path)), places: places.values() };
}

function placeKey(path: ConfigPath): string {
  return JSON.stringify(path);
}

class Reader {
  readonly places = new Map<string, Place>();
  readonly problems: FoundProblem[] = [];
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private readonly source: string;
  private readonly environment: Environment;
  private readonly mostProblems: number;
  private values = 0;
  private isOver = false;

  constructor(source: string, environment: Environment, mostProblems: number) {
    this.source = source;
    this.environment = environment;
    this.mostProblems = mostProblems;
  }

  read(node: Node | null, path: ConfigPath, key?: Span, at?: Span): unknown {
    if (this.isOver || this.problems.length >= this.mostProblems) return unreadable;
    const span = at ?? spanOf(node) ?? key ?? [0, 1];
    if (++this.values > mostValues) {
      this.isOver = true;
      this.report(span, path, `cannot read YAML: it holds more than ${mostValues} values; check its aliases (*name)`);
      return unreadable;
    }
    if (isAlias(node)) return this.readAlias(node.source, path, key, span);
    if (node !== null && 'anchor' in node && typeof node.anchor === 'string') this.anchors.set(node.anchor, node);

    const place = { path, ...(key ? { key } : {}), value: span, origin: spanOf(node) ?? span };
    if (isScalar(node)) return this.readScalar(node, place);
    this.places.set(placeKey(path), { ...place, isQuoted: false, variables: [] });
    if (node === null) return null;
    this.open.add(node);
    const value = isMap(node) ? this.readMap(node, path, span) : this.readSeq(node, path);
    this.open.delete(node);
    return value;
  }

  private readAlias(name: string, path: ConfigPath, key: Span | undefined, span: Span): unknown {
    const target = this.anchors.get(name);
    if (target !== undefined && !this.open.has(target)) return this.read(target, path, key, span);
    const cause = target === undefined ? 'no anchor of that name stands above it' : 'it stands inside its own anchor';
    const nearest = nearestName(name, [...this.anchors.keys()]);
    const remedy =
      target === undefined && nearest !== undefined
        ? `write *${nearest}`
        : 'mark a value above with &name, or put the text in quotes if it is no alias';
    this.report(span, path, `cannot follow alias ${quote(`*${name}`)}: ${cause}; ${remedy}`);
    return this.unknown(path, key, span);
  }

  private readScalar(node: Scalar, place: Omit<Place, 'isQuoted' | 'variables'>): unknown {
    const isQuoted = node.type !== undefined && node.type !== Scalar.PLAIN;
    if (typeof node.value !== 'string') {
      const written = node.source ?? '';
      this.places.set(placeKey(place.path), { ...place, written, isQuoted, variables: [] });
      return node.value;
    }
    const { text, variables, problems } = interpolate(node.value, this.environment);
    this.places.set(placeKey(place.path), { ...place, written: node.value, isQuoted, variables });
    for (const { written, message } of problems) {
      this.report(this.find(written, place.value), place.path, message);
    }
    if (text.length > mostCharacters) {
      const cause = `it has more than ${mostCharacters} characters`;
      this.report(place.value, place.path, `cannot use ${nameOfPath(place.path)}: ${cause}; write a shorter one`);
      return unreadable;
    }
    return problems.length > 0 ? unreadable : text;
  }

  private readMap(map: YAMLMap, path: ConfigPath, span: Span): Record<string, unknown> {
    // Without a prototype, so that __proto__ is an ordinary key.
    const values: Record<string, unknown> = Object.create(null);
    for (const { key, value } of map.items.filter(isPair)) {
      const keySpan = spanOf(key as Node) ?? span;
      const keyValue = isScalar(key) ? (key.source ?? key.value) : undefined;
      if (typeof keyValue !== 'string' || keyValue === '') {
        this.report(
          keySpan,
          path,
          `cannot use key in ${nameOfPath(path)}: it is not a name; write a plain word and a colon`,
        );
        continue;
      }
      const inside = [...path, keyValue];
      if (keyValue in values) {
        this.report(keySpan, inside, this.repeated(keyValue, path));
        continue;
      }
      values[keyValue] = this.read(value as Node | null, inside, keySpan);
    }
    return values;
  }

  private readSeq(node: Node, path: ConfigPath): unknown[] {
    return isSeq(node) ? node.items.map((item, index) => this.read(item as Node | null, [...path, index])) : [];
  }

  private repeated(key: string, path: ConfigPath): string {
    const offset = this.places.get(placeKey([...path, key]))?.key?.[0] ?? 0;
    const line = this.source.slice(0, offset).split('\n').length;
    return `cannot use key ${quote(key)} twice in ${nameOfPath(path)}: it is given on line ${line}; keep one of the two`;
  }

  private unknown(path: ConfigPath, key: Span | undefined, value: Span): typeof unreadable {
    this.places.set(placeKey(path), {
      path,
      ...(key ? { key } : {}),
      value,
      origin: value,
      isQuoted: false,
      variables: [],
    });
    return unreadable;
  }

  private find(written: string, inside: Span): Span {
    const index = this.source.slice(...inside).indexOf(written);
    return index === -1 ? inside : [inside[0] + index, inside[0] + index + written.length];
  }

  private report(span: Span, path: ConfigPath, message: string): void {
    this.problems.push({ span, path, message });
  }
}

/** Placeholder for a value that could not be read; already reported, so no further problem is raised for it. */
export const unreadable = Symbol('unreadable');

function spanOf(node: Node | null): Span | undefined {
  if (!node?.range) return undefined;
  const [from, to] = node.range;
  return [from, Math.max(from + 1, to)];
}

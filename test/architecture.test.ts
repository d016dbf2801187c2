import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formats } from '../src/formats/catalog.ts';
import { logFormats } from '../src/formats/logs/catalog.ts';
import { allReports } from '../src/reports/catalog.ts';

const root = resolve(import.meta.dirname, '..');

/** From the bottom up: a folder of `src` imports only from folders listed before it. */
const layers = [
  'transport',
  'waiting',
  'text',
  'webhooks',
  'schema',
  'filters',
  'framing',
  'engine',
  'formats',
  'layouts',
  'store',
  'ledger',
  'deliveries',
  'rollups',
  'sources',
  'destinations',
  'lake',
  'windows',
  'pipeline',
  'reports',
  'explore',
  'alerts',
  'dashboards',
  'config',
  'server',
  'cli',
] as const;

const bannedNames = new Set(
  'utils util helpers helper common misc shared types constants manager service base'.split(' '),
);

const enginePackages = ['chdb', '@clickhouse/client'];

interface Import {
  /** Path from the root of the project. */
  readonly from: string;
  /** The same for relative imports, otherwise the package name as written. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const sources = ['src', 'web', 'test', 'bench', 'scripts'].flatMap(filesBelow);
const code = sources.filter((file) => /\.[mc]?tsx?$/.test(file) && !file.endsWith('.d.ts'));
const imports = code.flatMap(readImports);
const productImports = imports.filter(({ from }) => from.startsWith('src/') && !isTest(from));

describe('layers', () => {
  test('every folder of src has its place', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true });
    expect(folders.map(({ name }) => name).sort()).toEqual([...layers].sort());
  });

  test('ARCHITECTURE.md shows the layers that are enforced here', () => {
    const [, table = ''] = readText('ARCHITECTURE.md').split('## Folders, from the bottom up');
    const rows = [...table.matchAll(/^\| `([^`]+)`\s*\|/gm)].map(([, folder]) => folder);
    expect(rows).toEqual([...layers]);
  });

  test('the program writes to the terminal in few places, which let no text of others steer it', () => {
    const writers = code.filter(
      (file) =>
        file.startsWith('src/') &&
        !isTest(file) &&
        /\bprocess\.std(?:out|err)\.write\b|\bconsole\.\w/.test(readText(file)),
    );
    // The launcher reports by itself that it cannot load the rest.
    expect(writers).toEqual(['src/cli/print.ts', 'src/cli/tailrace.cts', 'src/cli/write-answer.ts']);
  });

  test('lower never imports higher', () => {
    const upward = productImports.filter(({ from, to }) => to.startsWith('src/') && rank(to) > rank(from));
    expect(describeImports(upward)).toEqual([]);
  });

  test.each(['sources', 'destinations'])('of %s none imports another', (kind) => {
    const shared = new Set(['aws', 'backup']);
    const folder = (file: string) => new RegExp(`^src/${kind}/([^/]+)/`).exec(file)?.[1];
    const across = productImports.filter(({ from, to }) => {
      const [one, other] = [folder(from), folder(to)];
      return one !== undefined && other !== undefined && other !== one && !shared.has(other);
    });
    expect(describeImports(across)).toEqual([]);
  });

  test('only the engine imports what it is made of', () => {
    const others = imports.filter(
      ({ from, to }) =>
        from.startsWith('src/') &&
        !from.startsWith('src/engine/') &&
        enginePackages.some((name) => to === name || to.startsWith(`${name}/`)),
    );
    expect(describeImports(others)).toEqual([]);
  });

  test('a format imports no other format', () => {
    const crossing = productImports.filter(({ from, to }) => {
      const [own, other] = [formatFolder(from), formatFolder(to)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(describeImports(crossing)).toEqual([]);
  });

  test('the program imports nothing from tests, bench, scripts or web', () => {
    const outward = productImports.filter(({ to }) => /^(test|bench|scripts|web)\//.test(to) || isTest(to));
    expect(describeImports(outward)).toEqual([]);
  });

  test('the console imports only types from the program, and the grammar of filters', () => {
    const values = imports.filter(
      ({ from, to, typeOnly }) =>
        from.startsWith('web/src/') &&
        !isTest(from) &&
        to.startsWith('src/') &&
        !to.startsWith('src/filters/') &&
        !typeOnly,
    );
    expect(describeImports(values)).toEqual([]);
  });

  test('every relative import leads to a file', () => {
    const files = new Set(sources);
    const loose = imports.filter(({ to }) => /^(src|web|test|bench|scripts)\//.test(to) && !files.has(to));
    expect(describeImports(loose)).toEqual([]);
  });

  test('no file imports itself in the end', () => {
    expect(findCycle(imports)).toEqual([]);
    expect(findCycle([...imports, ...circle])).toHaveLength(4);
  });
});

const circle = ['a', 'b', 'c'].map((from, index): Import => ({ from, to: 'bca'.charAt(index), typeOnly: true }));

describe('names', () => {
  test('say something', () => {
    const parts = sources.map((file) => file.split('/').map((part) => part.replace(/\..*$/, '')));
    const empty = parts.filter((names) => names.some((name) => bannedNames.has(name)));
    // A shell script beside the servers that it starts.
    expect(empty.map((names) => names.join('/'))).toEqual(['test/services/common']);
  });
});

describe('statements', () => {
  test('insert by SELECT: after VALUES the embedded engine takes standard input for more rows', () => {
    const product = code.filter((file) => file.startsWith('src/') && !isTest(file));
    expect(product.filter((file) => /INSERT INTO [^;`]*?\bVALUES\b/.test(readText(file)))).toEqual([]);
  });
});

describe('catalogues', () => {
  test('every report is in the one list', () => {
    const files = code.filter((file) => /^src\/reports\/[^/]+\.ts$/.test(file) && !isTest(file));
    const named = files.filter((file) => /^export const \w+: Report\b/m.test(readText(file)));
    expect(named.map(baseName).sort()).toEqual(allReports.map(({ name }) => name).sort());
  });

  test('every format is in the one list', () => {
    const folders = (below: string) => {
      const names = code.map((file) => new RegExp(`^${below}/([^/]+)/`).exec(file)?.[1]);
      return [...new Set(names.filter((name) => name !== undefined))].sort();
    };
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
    expect(folders('src/formats')).toEqual([...names(formats), 'logs'].sort());
    expect(folders('src/formats/logs')).toEqual(names(logFormats));
  });

  test('every command is in the one list', () => {
    // Read from its imports: loading it would load the engine.
    const listed = imports.filter(({ from }) => from === 'src/cli/commands.ts').map(({ to }) => to);
    const files = code.filter((file) => file.startsWith('src/cli/') && !isTest(file));
    const commands = files.filter((file) => /^export const \w+: Command\b/m.test(readText(file)));
    expect(commands.filter((file) => !listed.includes(file))).toEqual([]);
    expect(commands.length).toBeGreaterThan(5);
  });
});

describe('documents', () => {
  test.each(['ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md'])('every path in %s exists', (document) => {
    expect(pathsIn(readText(document)).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/** Targets of links, and code spans that start with a folder or are a file at the root. */
function pathsIn(text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  const marked = [...text.matchAll(/`([^`\s]+)`/g)].map(([, word = '']) => word);
  const inTree = marked.filter((word) => /^(\.ci|src|web|test|bench|docs|examples|scripts|infra)\//.test(word));
  const atRoot = marked.filter((word) => /^[A-Z]+\.md$|^package\.json$/.test(word));
  return [...links, ...inTree, ...atRoot].map(withFullNumber);
}

/** A decision may be named by its number alone. */
function withFullNumber(path: string): string {
  const [, number] = /^docs\/decisions\/(\d{4})$/.exec(path) ?? [];
  if (number === undefined) return path;
  const file = readdirSync(join(root, 'docs/decisions')).find((name) => name.startsWith(number));
  return `docs/decisions/${file ?? number}`;
}

function readImports(file: string): Import[] {
  const text = readText(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = [...text.matchAll(/^\s*(import|export)\s+(type\s+)?([^'";]*?\bfrom\s*)?'([^']+)'/gm)];
  const calls = [...text.matchAll(/\bimport\(\s*'([^']+)'/g)];
  return [
    ...statements.map(([, , type, names = '', to = '']) => ({
      from: file,
      to: locate(file, to),
      typeOnly: type !== undefined || isListOfTypes(names),
    })),
    ...calls.map(([, to = '']) => ({ from: file, to: locate(file, to), typeOnly: false })),
  ];
}

/** `{ type A, type B }`. */
function isListOfTypes(names: string): boolean {
  const [, list] = /^\{([^}]*)\}\s*from/.exec(names.trim()) ?? [];
  const entries = (list ?? '').split(',').filter((entry) => entry.trim() !== '');
  return entries.length > 0 && entries.every((entry) => /^\s*type\s/.test(entry));
}

/** The launcher names its target by the name after compilation. */
function locate(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(root, resolve(root, dirname(file), specifier));
  return existsSync(join(root, path)) ? path : path.replace(/\.js$/, '.ts');
}

/** @returns the files of an import cycle, the first repeated at the end; empty when there is no cycle */
function findCycle(edges: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of targets.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

function rank(file: string): number {
  return (layers as readonly string[]).indexOf(file.split('/')[1] ?? '');
}

/** `alb`, or `logs/lambda`: those of applications are one level below. */
function formatFolder(file: string): string | undefined {
  return /^src\/formats\/(logs\/[^/]+(?=\/)|(?!logs\/)[^/]+)\//.exec(file)?.[1];
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$|\/test-doubles\//.test(file);
}

function baseName(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.ts$/, '');
}

function describeImports(list: readonly Import[]): string[] {
  return list.map(({ from, to }) => `${from} imports ${to}`);
}

function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(testdata|corpora|node_modules|screenshots|\.data)\//.test(file));
}

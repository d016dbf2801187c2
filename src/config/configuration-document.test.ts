import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createJsonSchema } from './json-schema.ts';

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | false;
  readonly oneOf?: readonly Node[];
  readonly const?: string;
}

/** Heading → rows `key | meaning | default`, of a table of the document. */
type Tables = Record<string, string[]>;

const formats = [{ name: 'cloudfront-realtime', fields: [] }, { name: 'lambda' }] as const;
const document = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

test('docs/configuration.md lists every key with its meaning and its default', () => {
  expect(tablesOfDocument(document)).toEqual(tablesOfSchema(createJsonSchema(formats) as Node));
});

function tablesOfSchema({ properties = {} }: Node): Tables {
  return Object.fromEntries(Object.entries(properties).flatMap(([name, node]) => tablesOf(`\`${name}\``, node)));
}

/** The tables of a mapping of names or of one of several types; a plain mapping is one table, with all that is in it. */
function tablesOf(heading: string, node: Node): [heading: string, rows: string[]][] {
  if (node.additionalProperties) return tablesOf(`${heading.slice(0, -1)}.NAME\``, node.additionalProperties);
  const options = (node.oneOf ?? []).flatMap((option) => {
    const type = option.properties?.type?.const;
    return type === undefined ? [] : [{ type, option }];
  });
  if (heading.includes('format')) return [[heading, rowsOf({ properties: propertiesOfAll(node) })]];
  if (options.length > 0)
    return options.flatMap(({ type, option }) => tablesOf(`${heading}, \`type: ${type}\``, option));
  const children = Object.entries(node.properties ?? {}).filter(([, child]) => child.oneOf);
  const [name = ''] = heading.split(', ');
  return [
    [heading, rowsOf(node)],
    ...children.flatMap(([key, child]) => tablesOf(`${name.slice(0, -1)}.${key}\``, child)),
  ];
}

/** Formats differ only in which of the keys they have. */
function propertiesOfAll(node: Node): Record<string, Node> {
  return Object.assign({}, ...(node.oneOf ?? []).map((option) => option.properties));
}

function rowsOf({ properties = {}, required = [] }: Node, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([key, node]) => {
    if (key === 'type' && node.const !== undefined) return [];
    // Of a mapping, the keys have the defaults.
    const hasPreset = node.default !== undefined && !node.properties;
    const preset = hasPreset ? `\`${node.default}\`` : required.includes(key) ? 'required' : '';
    return [`\`${prefix}${key}\` | ${node.description} | ${preset}`.trim(), ...rowsOf(node, `${prefix}${key}.`)];
  });
}

function tablesOfDocument(text: string): Tables {
  const sections = text.split(/^##+ /m).slice(1);
  const tables = sections.map((section): [string, string[]] => {
    const [heading = '', ...lines] = section.split('\n');
    const rows = lines.filter((line) => line.startsWith('| `')).map((line) => line.slice(1, -1));
    return [
      heading,
      rows.map((row) =>
        row
          .split(' | ')
          .map((cell) => cell.trim())
          .join(' | ')
          .trim(),
      ),
    ];
  });
  return Object.fromEntries(tables.filter(([heading]) => heading.startsWith('`')));
}

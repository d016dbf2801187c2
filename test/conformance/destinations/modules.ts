import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import type { DestinationUnderTest, PlaceUnderTest } from '../destination-under-test.ts';

const alike = ['abort while the place is silent', 'away and back', 'check', 'masks', 'memory', 'kill'] as const;

/** A module that keeps the ids of its calls, in TypeScript; and the same in small calls. */
export const modules: readonly DestinationUnderTest[] = [
  keepingModule('module', shippedTables, {}, {}),
  keepingModule(
    'module, small calls',
    ['requests', 'logs'],
    { batchRows: 7, maxBytes: 20_000 },
    Object.fromEntries(alike.map((name) => [name, 'the same as in large calls'])),
  ),
];

function keepingModule(
  name: string,
  tables: readonly ShippedTable[],
  keys: Readonly<Record<string, unknown>>,
  exceptions: DestinationUnderTest['exceptions'],
): DestinationUnderTest {
  return {
    name,
    kind: 'module',
    tables,
    visible: 'rows',
    exceptions: { forbidden: 'only the code knows what that is', ...exceptions },
    openPlace: async (scratch) => openKept(scratch, { tables, ...keys }),
  };
}

/** As a user writes it: a file for each call, unless it is there. While there is a file "silent", it does not come back. */
const code = `
import { appendFileSync, existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import type { ModuleDestination } from 'tailrace/module';

let folder: string;

export default {
  open({ options }) {
    folder = options.folder;
  },
  check() {
    readdirSync(folder);
  },
  async write({ id, table, batch, rows, signal }) {
    appendFileSync(\`\${folder}.arrivals\`, \`\${batch}\\n\`);
    if (existsSync(\`\${folder}.silent\`)) {
      writeFileSync(\`\${folder}.silent\`, 'heard');
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    }
    const path = \`\${folder}/\${id}.\${table}.json\`;
    if (existsSync(path)) return;
    writeFileSync(\`\${path}.part\`, JSON.stringify(rows));
    renameSync(\`\${path}.part\`, path);
  },
} satisfies ModuleDestination<{ folder: string }>;
`;

function openKept(scratch: string, keys: Readonly<Record<string, unknown>>): PlaceUnderTest {
  const folder = join(scratch, 'kept');
  const path = join(scratch, 'keeping-module.ts');
  const aside = `${folder}.aside`;
  const silent = `${folder}.silent`;
  mkdirSync(folder);
  writeFileSync(path, code);
  const names = () => (existsSync(aside) ? [] : readdirSync(folder));
  return {
    section: { type: 'module', path, options: { folder }, ...keys },
    rows: async () =>
      names()
        .filter((name) => name.endsWith('.json'))
        .flatMap((name) => {
          const table = name.split('.').at(-2) as ShippedTable;
          const rows: Record<string, unknown>[] = JSON.parse(readFileSync(join(folder, name), 'utf8'));
          return rows.map((values) => ({ table, values }));
        }),
    traces: async () => names(),
    away: async () => {
      renameSync(folder, aside);
      writeFileSync(folder, 'not a folder');
    },
    silence: () => {
      writeFileSync(silent, '');
      return { heard: untilHeard(silent) };
    },
    back: async () => {
      rmSync(silent, { force: true });
      if (!existsSync(aside)) return;
      rmSync(folder);
      renameSync(aside, folder);
    },
    arrivals: () => {
      const batches = readFileSync(`${folder}.arrivals`, 'utf8').trimEnd().split('\n');
      return batches.filter((batch, index) => batch !== batches[index - 1]);
    },
    moment: async (number, signal) => {
      const isSign = (name: string) => name.endsWith('.part') === (number % 2 === 0);
      const seen = new Set(names());
      while (!signal.aborted && !names().some((name) => !seen.has(name) && isSign(name))) await pause(3);
    },
  };
}

async function untilHeard(path: string): Promise<void> {
  while (readFileSync(path, 'utf8') === '') await pause(3);
}

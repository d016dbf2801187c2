// Builds dist/: the modules (tsc), the program made of them (vite), the files that it reads, and the console (vite).
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url);
const path = (name) => new URL(name, root).pathname;

rmSync(path('dist'), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.build.json']);
for (const file of [
  'store/edge-locations/aws-edge-locations.csv',
  'store/edge-locations/LICENSE',
  'store/user-agents/uap-core/LICENSE',
  'store/user-agents/uap-core/rules.jsonl',
]) {
  mkdirSync(path(`dist/${file}`).replace(/\/[^/]*$/, ''), { recursive: true });
  cpSync(path(`src/${file}`), path(`dist/${file}`));
}
const { readRules } = await import('../dist/store/user-agents/rule-set.js');
writeFileSync(
  path('dist/store/user-agents/rules.jsonl'),
  `${readRules()
    .map((rule) => JSON.stringify(rule))
    .join('\n')}\n`,
);
await packEmptyStore();
chmodSync(path('dist/cli/tailrace.cjs'), 0o755);
run('vite', ['build', 'scripts/program', '--logLevel', 'warn']);
run('vite', ['build', 'web', '--logLevel', 'warn']);
run('vite', ['build', 'web', '--mode', 'report', '--logLevel', 'warn']);

/** A new store is a copy of this one. It has no packed one to copy from, so its tables are made by statements. */
async function packEmptyStore() {
  const { openStore } = await import('../dist/store/open-store.js');
  const { packedStore, packStore } = await import('../dist/store/empty-store.js');
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-empty-store-'));
  const store = await openStore({ directory });
  await store.close();
  writeFileSync(packedStore, packStore(join(directory, 'clickhouse')));
  rmSync(directory, { recursive: true });
}

function run(tool, args) {
  // Who builds from within tests has another NODE_ENV, which would put development code into the pages.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(path(`node_modules/.bin/${tool}`), args, { cwd: path('.'), stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

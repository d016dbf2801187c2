// Builds dist/: the modules (tsc), the program made of them (vite), the files that it reads, and the console (vite).
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';

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
chmodSync(path('dist/cli/tailrace.cjs'), 0o755);
run('vite', ['build', 'scripts/program', '--logLevel', 'warn']);
run('vite', ['build', 'web', '--logLevel', 'warn']);
run('vite', ['build', 'web', '--mode', 'report', '--logLevel', 'warn']);

function run(tool, args) {
  // Who builds from within tests has another NODE_ENV, which would put React's development code into the pages.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(path(`node_modules/.bin/${tool}`), args, { cwd: path('.'), stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

// Writes the software bill of materials (CycloneDX, JSON) from package-lock.json: `npm run sbom [-- FILE]`.
// Packages that only tests and builds need carry the property cdx:npm:package:development; those of them that end up in
// dist/web are listed in dist/web/third-party-licenses.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = resolve(process.argv[2] ?? `${root}/dist/sbom.cdx.json`);

const command = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
const { status, error, stdout, stderr } = spawnSync('npm', command, {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
if (status !== 0) {
  console.error(`cannot write the bill of materials: npm sbom failed: ${error?.message ?? stderr}`);
  process.exit(1);
}
const bill = JSON.parse(stdout);
// npm names it after the folder of the checkout.
bill.metadata.component.name = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).name;
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
console.log(file);

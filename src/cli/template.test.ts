import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Command } from './command.ts';
import { dashboardsCommand } from './dashboards.ts';
import { rolesCommand } from './roles.ts';
import { templateCommand } from './template.ts';

/** Runs a command with a configuration of such destinations. @returns what it printed */
async function run(command: Command, destinations: string, positionals: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-template-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'tailrace.yaml');
  writeFileSync(config, `destinations:\n${destinations}`);
  const outputs = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  try {
    await command.run({ positionals, values: { config } });
    const [stdout = '', stderr = ''] = outputs.map(({ mock }) => mock.calls.map(([text]) => text).join(''));
    return { stdout, stderr };
  } finally {
    for (const output of outputs) output.mockRestore();
  }
}

async function startCluster(): Promise<string> {
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ version: { distribution: 'opensearch', number: '2.19.0' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the template is printed as it would be installed, for the version of the cluster', async () => {
  const url = await startCluster();
  const { stdout, stderr } = await run(
    templateCommand,
    `  search: { type: opensearch, url: "${url}", index: edge, fields: ecs }\n`,
    [],
  );
  expect(stderr).toBe(`tailrace: PUT ${url}/_index_template/tailrace-edge\n`);
  expect(JSON.parse(stdout)).toMatchObject({
    index_patterns: ['edge-1*', 'edge-2*'],
    template: {
      mappings: { properties: { '@timestamp': { type: 'date' }, 'tailrace.extra': { type: 'flat_object' } } },
    },
  });
});

const search = '  search: { type: opensearch, url: "http://localhost:9200", index: edge }\n';
const other = '  other: { type: opensearch, url: "http://localhost:9200", index: other }\n';

test('roles are printed as requests for Dev Tools', async () => {
  const { stdout } = await run(rolesCommand, search + other, ['opensearch', 'search']);
  expect(stdout).toMatch(/^PUT _plugins\/_security\/api\/roles\/tailrace-edge\n\{\n/);
  expect(stdout).toContain('\n}\n\nPUT _plugins/_security/api/rolesmapping/tailrace-edge\n{\n');
});

test.each([
  [search + other, ['opensearch'], 'there are several destinations of type opensearch; name one of search, other'],
  [search, ['opensearch', 'serch'], 'there is no destination "serch" of type opensearch; name one of search'],
  [
    '  folder: { type: archive, to: { type: folder, path: . } }\n',
    ['opensearch'],
    'has no destination of type opensearch',
  ],
  [search, [], 'roles wants the word opensearch'],
  ['  search: { type: opensearch, url: "http://localhost:9200", index: edge, apiKey: x }\n', ['opensearch'], 'API key'],
])('what is missing is told: %j', async (destinations, words, message) => {
  await expect(run(rolesCommand, destinations, words)).rejects.toThrow(message);
});

test('dashboards are over the indexes and fields of a destination, one object on each line', async () => {
  const ecs =
    '  other: { type: opensearch, url: "http://localhost:9200", index: other, fields: ecs, rotation: stream }\n';
  const { stdout } = await run(dashboardsCommand, search + ecs, ['opensearch', 'other']);
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(objects[0]).toMatchObject({
    type: 'index-pattern',
    id: 'tailrace-other-requests',
    attributes: { title: 'other', timeFieldName: '@timestamp' },
  });
  expect(objects.filter(({ type }) => type === 'dashboard')).toHaveLength(2);
  await expect(run(dashboardsCommand, search + ecs, ['opensearch'])).rejects.toThrow('several destinations');
  const logs = search.replace(' }', ', tables: [logs] }');
  await expect(run(dashboardsCommand, logs, ['opensearch'])).rejects.toThrow(
    'it has no requests; add them to its tables',
  );
});

import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../test/free-port.ts';
import type { PipelineConfig } from '../config/sections/pipelines-section.ts';
import type { Source } from '../sources/source.ts';
import { createCheckCommand } from './check.ts';
import { checkConfig } from './check-config.ts';
import { UsageError } from './command.ts';

const missing = 'cannot list the shards of "edge-logs": access denied; grant kinesis:ListShards';
const invisible = 'cannot read the stream "edge-logs": access denied; grant kinesis:GetRecords';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-check-'));
  file = join(folder, 'tailrace.yaml');
  await writeFile(
    file,
    `pipelines:
  edge: { source: { type: kinesis, stream: edge-logs } }
  app: { source: { type: files, paths: [x.log] } }
`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

type Check = Source['check'];

/** A source with only the methods that a check calls. */
function createSourceWith(check: Partial<Record<PipelineConfig['source']['type'], Check>>) {
  return vi.fn(
    ({ source: { type } }: PipelineConfig): Source => ({
      type,
      check: check[type] ?? (async () => []),
      run: () => Promise.reject(new Error('BUG: a check runs nothing')),
      status: () => ({ state: 'starting', retries: 0, parts: [] }),
    }),
  );
}

async function run(createSource: ReturnType<typeof createSourceWith>, values: Record<string, boolean> = {}) {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const code = await createCheckCommand(async () => createSource).run({
      positionals: [],
      values: { config: file, ...values },
    });
    return { code, text: written.mock.calls.map(([text]) => text).join('') };
  } finally {
    written.mockRestore();
  }
}

describe('tailrace check', () => {
  test('prints a line a pipeline, what is wrong with it, and what else would happen', async () => {
    const { code, text } = await run(createSourceWith({ kinesis: async () => [missing, invisible] }));
    expect(text).toBe(`edge   ${missing}
       ${invisible}
app    fine

configuration: ${file}
store: ${folder}/tailrace-data
listens on: http://127.0.0.1:4280, for this machine
takes logs without a token; answers without a token
`);
    expect(code).toBe(1);
  });

  test('leaves nothing behind, and ends with 0 when all is fine', async () => {
    const createSource = createSourceWith({});
    expect((await run(createSource)).code).toBe(0);
    expect(createSource).toHaveBeenCalledWith(
      expect.objectContaining({ name: 'edge' }),
      join(folder, 'tailrace-data', 'spool', 'edge'),
    );
    expect(await readdir(folder)).toEqual(['tailrace.yaml']);
  });

  test('offline makes the sources and asks none', async () => {
    const check = vi.fn<Check>().mockResolvedValue([missing]);
    const createSource = createSourceWith({ kinesis: check });
    const { code, text } = await run(createSource, { offline: true });
    expect(text).toContain('edge   fine\n');
    expect(text).toContain('nothing was contacted (--offline)\n');
    expect({ code, made: createSource.mock.calls.length, asked: check.mock.calls.length }).toEqual({
      code: 0,
      made: 2,
      asked: 0,
    });
  });

  test('a source that cannot be made is a problem, offline too', async () => {
    const createSource = createSourceWith({}).mockImplementationOnce(() => {
      throw new Error('cannot make it: so; do this');
    });
    expect(await run(createSource, { offline: true })).toMatchObject({
      code: 1,
      text: expect.stringContaining('edge   cannot make it: so; do this\napp    fine\n'),
    });
  });

  test('says who may send, who may read, and which hosts it answers for', async () => {
    const server = 'host: 0.0.0.0, token: 0123456789abcdef, allowedHosts: [logs.example.com]';
    await writeFile(file, `server: { ${server} }`);
    expect(
      (await run(createSourceWith({}))).text,
    ).toContain(`listens on: http://0.0.0.0:4280, for everyone who can reach it
takes logs with server.token; answers with server.token
answers for the hosts: 0.0.0.0, logs.example.com
`);
    await writeFile(file, `server: { readToken: fedcba9876543210 }`);
    expect((await run(createSourceWith({}))).text).toContain(
      'takes logs without a token; answers with server.readToken\n',
    );
  });

  test('prints one object for machines, for a file that is wrong too', async () => {
    const { text } = await run(createSourceWith({ kinesis: async () => [missing] }), { json: true });
    expect(JSON.parse(text)).toEqual({
      fine: false,
      offline: false,
      file,
      pipelines: [
        { name: 'edge', type: 'kinesis', problems: [missing] },
        { name: 'app', type: 'files', problems: [] },
      ],
      destinations: [],
      outputs: [],
      notifications: [],
      store: { location: join(folder, 'tailrace-data'), problems: [] },
      server: { url: 'http://127.0.0.1:4280', token: false, readersToken: false },
    });
    await writeFile(file, 'server: { prot: 1 }');
    const wrong = await run(createSourceWith({}), { json: true });
    expect({ ...wrong, text: JSON.parse(wrong.text) }).toEqual({
      code: 1,
      text: {
        fine: false,
        file,
        problems: [expect.objectContaining({ line: 1, column: 11, path: 'server.prot' })],
      },
    });
  });

  test('probes the lake', async () => {
    await writeFile(join(folder, 'taken'), '');
    await writeFile(file, 'lake: { to: { type: folder, path: lake } }');
    expect(await run(createSourceWith({}))).toEqual({
      code: 0,
      text: expect.stringContaining(`lake: ${folder}/lake\n`),
    });
    expect(await readdir(folder)).not.toContain('lake');
    await writeFile(file, 'lake: { to: { type: folder, path: taken/lake } }');
    const problem = `cannot write to "${folder}/taken"`;
    expect(await run(createSourceWith({}))).toEqual({ code: 1, text: expect.stringContaining(`lake: ${problem}`) });
    const { code, text } = await run(createSourceWith({}), { json: true });
    expect({ code, ...JSON.parse(text) }).toMatchObject({
      code: 1,
      fine: false,
      lake: { location: join(folder, 'taken', 'lake'), problems: [expect.stringContaining(problem)] },
    });
    expect((await run(createSourceWith({}), { offline: true })).code).toBe(0);
  });

  test('asks the outputs of windows and the receivers of alerts whether they would take something, and sends nothing', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(request.url === '/secret-path/closed' ? 401 : 405).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const closed = await freePort();
    await writeFile(join(folder, 'taken'), '');
    await writeFile(
      file,
      `windows:
  hosts:
    window: { type: tumbling, size: 60s }
    sql: SELECT host, count() AS n FROM requests GROUP BY host
    outputs:
      - { type: webhook, url: "${url}/open" }
      - { type: file, path: taken/hosts.ndjson }
notifications:
  hook: { type: webhook, url: "${url}/secret-path/closed" }
  gone: { type: slack, url: "http://127.0.0.1:${closed}/hook" }
  tell: { type: command, command: [no-such-program] }
`,
    );
    const { code, text } = await run(createSourceWith({}));
    expect(code).toBe(1);
    expect(text.split('\n').slice(0, 5)).toEqual([
      'hosts   fine',
      expect.stringMatching(`^hosts   cannot write to "${folder}/taken"`),
      expect.stringMatching(`^hook    cannot send to "${url}": it answered 401; check the credentials`),
      expect.stringMatching(`^gone    cannot send to "http://127.0.0.1:${closed}": nothing listens there`),
      expect.stringMatching(/^tell {4}cannot run "no-such-program": there is no such program/),
    ]);
    expect(asked.sort()).toEqual(['OPTIONS /open', 'OPTIONS /secret-path/closed']);
    expect((await run(createSourceWith({}), { offline: true })).code).toBe(0);
    expect(asked).toHaveLength(2);
  });

  test('a file that is wrong is an error, and so are wrong words', async () => {
    await writeFile(file, 'server: { prot: 1 }');
    await expect(run(createSourceWith({}))).rejects.toThrow('write "port"');
    const words = createCheckCommand(async () => createSourceWith({})).run({ positionals: ['x'], values: {} });
    await expect(words).rejects.toThrow(UsageError);
  });
});

describe('checkConfig', () => {
  const pipelines: PipelineConfig[] = [{ name: 'edge', source: { type: 'stdin' }, destinations: ['store'] }];
  const findingsOf = (store: Parameters<typeof checkConfig>[0]['store'], check: Check, timeoutMs = 30_000) =>
    checkConfig(
      { pipelines, destinations: [], windows: [], notifications: [], store },
      { createSource: createSourceWith({ stdin: check }), offline: false, timeoutMs },
    );

  test('waits for no source longer than it may take, and tells it to stop', async () => {
    let isTold = false;
    const never: Check = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          isTold = true;
          reject(signal.reason);
        });
      });
    const { pipelines: found } = await findingsOf({ kind: 'embedded', path: folder }, never, 50);
    expect(found[0]?.problems).toEqual([
      'cannot check pipeline "edge": there was no answer within 0.05 s; check address, region and network',
    ]);
    expect(isTold).toBe(true);
  });

  test('a check that fails is a problem', async () => {
    const failing: Check = () => Promise.reject(new Error('cannot ask: it broke; mend it'));
    const { pipelines: found } = await findingsOf({ kind: 'embedded', path: folder }, failing);
    expect(found[0]?.problems).toEqual(['cannot ask: it broke; mend it']);
  });

  test('a store that cannot be made or written is a problem', async () => {
    const inFile = await findingsOf({ kind: 'embedded', path: join(file, 'a', 'b') }, async () => []);
    expect(inFile.store.problems).toEqual([
      `cannot write to "${file}": it is not a directory; fix that, or name another directory with store.path`,
    ]);
    await chmod(folder, 0o555);
    // The superuser may write everywhere; for this test it steps down.
    const isSuperuser = process.geteuid?.() === 0;
    if (isSuperuser) process.seteuid?.('nobody');
    try {
      const closed = await findingsOf({ kind: 'embedded', path: join(folder, 'data') }, async () => []);
      expect(closed.store.problems).toEqual([expect.stringContaining('this user may not write there')]);
    } finally {
      if (isSuperuser) process.seteuid?.(0);
      await chmod(folder, 0o755);
    }
  });

  test('a server that does not answer is a problem', async () => {
    const nowhere = { kind: 'server', url: 'http://127.0.0.1:1', user: 'default', password: 'hunter2' } as const;
    const { store } = await findingsOf(nowhere, async () => []);
    expect(store.problems).toEqual([expect.stringContaining('cannot reach the store "http://127.0.0.1:1"')]);
    expect(store.problems.join()).not.toContain('hunter2');
  });
});

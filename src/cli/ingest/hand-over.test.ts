import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyBooks } from '../../ledger/books.ts';
import type { IngestResult } from '../../pipeline/ingest-files.ts';
import type { IngestNews } from '../../server/file-ingests.ts';
import { handOver } from './hand-over.ts';

let server: Server;
let url: string;
let answer: (paths: string[], response: ServerResponse, request: IncomingMessage) => void;

beforeEach(async () => {
  server = createServer(async (request, response) => {
    const { paths } = JSON.parse(await text(request)) as { paths: string[] };
    answer(paths, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const none = { known: 0, bytes: 0, ...emptyBooks };
const line = (news: IngestNews) => `${JSON.stringify(news)}\n`;
const resultOf = (paths: readonly string[]): IngestResult => ({
  ...none,
  files: paths.length,
  lines: 10 * paths.length,
  failed: [{ path: paths[0] ?? '', problem: 'é' }],
  drifts: [],
});

it('sends many paths in parts that a server reads, and adds up their progress and results', async () => {
  const requests: { paths: number; token: string | undefined }[] = [];
  answer = (paths, response, { headers }) => {
    requests.push({ paths: paths.length, token: headers.authorization });
    response.write(line({ progress: { ...none, files: 1 } }));
    // Chunks end anywhere, also within a character.
    const result = Buffer.from(line({ result: resultOf(paths) }));
    const middle = result.indexOf('é') + 1;
    response.write(result.subarray(0, middle));
    setTimeout(() => response.end(result.subarray(middle)), 20);
  };
  const paths = Array.from({ length: 6000 }, (_, number) => `/logs/${'x'.repeat(80)}/${number}.log`);
  const seen: number[] = [];
  const result = await handOver({ url, ownToken: 'secret' }, { paths }, ({ files }) => seen.push(files));
  expect(requests.length).toBeGreaterThan(1);
  expect(new Set(requests.map(({ token }) => token))).toEqual(new Set(['Bearer secret']));
  expect(result).toMatchObject({ files: 6000, lines: 60_000 });
  expect(result.failed.map(({ problem }) => problem)).toEqual(requests.map(() => 'é'));
  const before = requests.map((_, index) => requests.slice(0, index).reduce((sum, part) => sum + part.paths, 0));
  expect(seen).toEqual(before.map((files) => files + 1));
});

it('tells what the server says of its failure, and of a connection that breaks that the result is not known', async () => {
  answer = (_, response) => response.end(line({ error: { message: 'cannot store: the disk is full' } }));
  await expect(handOver({ url }, { paths: ['/a'] })).rejects.toThrow('cannot store: the disk is full');
  answer = (_, response) => {
    response.statusCode = 401;
    response.end('{"error":{"message":"cannot store these files: the token is missing or wrong"}}');
  };
  await expect(handOver({ url }, { paths: ['/a'] })).rejects.toThrow('the token is missing or wrong');
  for (const end of ['cut', 'short']) {
    answer = (_, response) => {
      response.write(line({ progress: { ...none, files: 0 } }));
      if (end === 'short') response.end();
      else setTimeout(() => response.destroy(), 20);
    };
    await expect(handOver({ url }, { paths: ['/a'] })).rejects.toThrow(
      /cannot learn what was stored.*run the command again/,
    );
  }
});

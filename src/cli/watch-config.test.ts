import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patienceMs } from '../../test/patience.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { formats } from '../formats/catalog.ts';
import { type ConfigWatch, watchConfig } from './watch-config.ts';

const pace = { pollMs: 20, settleMs: 40 };
const patience = { timeout: patienceMs, interval: 20 };
/** Long enough for a few polls of the file. */
const someLooksMs = 400;

let folder: string;
let file: string;
let told: string[];
let watch: ConfigWatch;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-watch-'));
  file = join(folder, 'tailrace.yaml');
  await writeFile(file, portText(1));
  told = [];
});
afterEach(async () => {
  watch.close();
  await rm(folder, { recursive: true });
});

const portText = (port: number | string) => `server: { port: ${port} }\n`;

function start(path = file): void {
  const load = () =>
    loadConfig({ file: path, workingDirectory: folder, environment: {}, formats: async () => formats });
  watch = watchConfig(
    path,
    load,
    {
      changed: ({ config }) => void told.push(`port ${config.server.port}`),
      rejected: (error) => void told.push(error instanceof ConfigError ? (error.problems[0]?.message ?? '') : 'broken'),
    },
    pace,
  );
}

/** Like editors do, so that the file is never half written. */
async function save(text: string): Promise<void> {
  await writeFile(join(folder, 'new.yaml'), text);
  await rename(join(folder, 'new.yaml'), file);
}

const untilTold = (...expected: unknown[]) => vi.waitFor(() => expect(told).toEqual(expected), patience);

test('an edit is told, in place, by rename, and of the file behind a link', async () => {
  await symlink(file, join(folder, 'link.yaml'));
  start(join(folder, 'link.yaml'));
  await writeFile(file, portText(2));
  await vi.waitFor(() => expect(told.at(-1)).toBe('port 2'), patience);
  await save(portText(3));
  await vi.waitFor(() => expect(told.at(-1)).toBe('port 3'), patience);
});

test('the same text saved again is no change', async () => {
  start();
  await save(portText(1));
  await delay(someLooksMs);
  await save(portText(2));
  await untilTold('port 2');
});

test('a text that cannot be used is told once with its reason, and what comes after it is told', async () => {
  start();
  await save(portText('x'));
  const reason = expect.stringContaining('cannot use server.port "x"');
  await untilTold(reason);
  await save(portText('x'));
  await delay(someLooksMs);
  await untilTold(reason);
  await save(portText(2));
  await untilTold(reason, 'port 2');
});

test('a file that is gone is told, and noticed when it is back', async () => {
  start();
  await rm(file);
  const gone = expect.stringContaining('there is no such file');
  await untilTold(gone);
  await save(portText(1));
  await untilTold(gone, 'port 1');
});

test('SIGHUP reads it at once, changed or not, and after the end nothing is told', async () => {
  start();
  process.emit('SIGHUP');
  await untilTold('port 1');
  watch.close();
  expect(process.listenerCount('SIGHUP')).toBe(0);
  await save(portText(2));
  await delay(someLooksMs);
  await untilTold('port 1');
});

test('what fails while it is put to use is told as rejected, and does not end the watching', async () => {
  const load = () => loadConfig({ file, workingDirectory: folder, environment: {}, formats: async () => formats });
  const changed = vi.fn().mockRejectedValueOnce(new Error('no such table')).mockResolvedValue(undefined);
  const rejected = vi.fn();
  watch = watchConfig(file, load, { changed, rejected }, pace);
  await save(portText(2));
  await vi.waitFor(() => expect(rejected).toHaveBeenCalledExactlyOnceWith(new Error('no such table')), patience);
  await save(portText(3));
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2), patience);
});

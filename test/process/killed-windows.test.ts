import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { starterPack } from '../../src/alerts/starter-pack.ts';
import { header } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { patienceMs } from '../patience.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { askServer } from './ask-server.ts';
import { KeyedReceiver } from './keyed-receiver.ts';
import { waitForSign } from './kill-aim.ts';
import { killAt } from './kill-program.ts';
import { startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { expectExactBooks, expectResults, type SentTo, type StoredRow, sessionGapMs } from './window-books.ts';

/** More in a campaign: `npm run test:kill-windows`. */
const kills = Number(process.env.TAILRACE_WINDOW_KILLS ?? 2);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
/** All that was emitted is sent one by one. */
const longMs = patienceMs + kills * 30_000;
const rowsPerFile = 12;
/** Tables into which continuous queries, outputs and alerts write, in the order of their work. */
const written = [
  ...['ledger', 'window_panes', 'window_states', 'window_folds', 'window_results', 'window_emissions'],
  ...['window_outputs', 'alert_transitions', 'alert_evaluations', 'alert_deliveries'],
];
const entry = /^(tmp_insert_)?(\d+|all)_/;

const perViewer =
  'SELECT client_ip AS viewer, count() AS requests, sum(bytes_sent) AS bytes FROM requests GROUP BY viewer';

test(`a program with continuous queries and alerts is killed ${kills} times: each window and transition is there once, and told (TAILRACE_SEED=${seed})`, {
  timeout: kills * patienceMs + 3 * longMs,
}, async () => {
  const random = new Random(seed, 0x6b15);
  const folder = makeScratchFolder();
  const store = copyPreparedStore(join(folder, 'store'));
  const receiver = await KeyedReceiver.start(random);
  onTestFinished(() => receiver.close());
  const sent: SentTo = { file: (query) => join(folder, `${query}.ndjson`), hooked: ['viewers', 'over_rows'], receiver };
  const off = Object.fromEntries(starterPack.map(({ name }) => [name, { enabled: false }]));
  const configure = (alerts: object) =>
    writeFileSync(join(folder, 'tailrace.yaml'), JSON.stringify(configuration(folder, sent, { ...off, ...alerts })));
  configure(watched);
  const feed = new Feed(folder, random);
  const command = ['up', '--store', store, '--port', '0'];

  feed.add();
  let [killed, feeding] = [0, true];
  const fed = (async () => {
    while (feeding) {
      feed.add();
      await sleep(500 + random.below(2000));
    }
  })();
  const aims = new Map<string, number>();
  try {
    while (killed < kills) {
      const aim = random.pick(written);
      const moment = waitForSign({ tables: [aim], entry }, store, random);
      expect(await killAt(moment, command, { cwd: folder, withEngine: random.chance(0.5) })).toBe(true);
      killed++;
      aims.set(aim, (aims.get(aim) ?? 0) + 1);
      if (killed % 5 === 0) console.info(`${killed} kills, ${feed.rows.length} rows (TAILRACE_SEED=${seed})`);
    }
  } finally {
    feeding = false;
    await fed;
  }
  feed.add();
  // Nothing is to change any more: what waits is told.
  configure({});
  await finish(command, folder, { rows: feed.rows, receiver });
  const { engine, close } = await openStore({ directory: store });
  try {
    const books = await expectExactBooks(engine, sent, { queries: Object.keys(queries(sent)), isLong: kills > 10 });
    console.info(
      `${kills} kills (${[...aims].map((one) => one.join(' ')).join(', ')}), TAILRACE_SEED=${seed}: ${books}`,
    );
  } finally {
    await close();
  }
});

/** Runs it until everything is stored, emitted, sent and told. */
async function finish(
  command: readonly string[],
  folder: string,
  { rows, receiver }: { readonly rows: readonly StoredRow[]; readonly receiver: KeyedReceiver },
): Promise<void> {
  const program = startProgram(command, { cwd: folder });
  onTestFinished(() => program.kill('SIGKILL'));
  const [, url = ''] = await program.says(/listens on (\S+)/);
  await vi.waitFor(() => expectResults((sql) => askServer(url, sql), rows), { timeout: longMs, interval: 1500 });
  await vi.waitFor(
    async () => {
      const answer = await (await fetch(`${url}/api/windows`)).json();
      const { windows } = answer as { windows: { outputs: { state: string; waiting: number; dead: number }[] }[] };
      for (const { outputs } of windows)
        for (const output of outputs) expect(output).toMatchObject({ state: 'running', waiting: 0, dead: 0 });
      const told = await askServer<{ key: string }>(
        url,
        "SELECT concat(key, '-', announce) AS key FROM alert_transitions WHERE announce != ''",
      );
      expect(told.filter(({ key }) => !receiver.taken('/alerts').has(key))).toEqual([]);
    },
    { timeout: longMs, interval: 1500 },
  );
  program.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
}

function queries({ file, hooked, receiver }: SentTo): Readonly<Record<string, object>> {
  const of = (name: string, window: object, sql: string) => ({
    window,
    sql,
    disorder: '0s',
    lateness: '1d',
    idle: '1s',
    outputs: [
      { type: 'file', path: file(name) },
      ...(hooked.includes(name) ? [{ type: 'webhook', url: `${receiver.url}/windows/${name}` }] : []),
    ],
  });
  return {
    viewers: of('viewers', { type: 'tumbling', size: '5s' }, perViewer),
    over_rows: of('over_rows', { type: 'tumbling', size: '20s' }, `SELECT * FROM (${perViewer})`),
    visits: of(
      'visits',
      { type: 'session', gap: `${sessionGapMs / 1000}s`, key: ['client_ip'] },
      'SELECT client_ip AS viewer, count() AS requests FROM requests GROUP BY viewer',
    ),
  };
}

const alert = { every: '10s', keepFiring: '0s', delay: '0s', flapping: { times: 100, within: '1m' }, notify: ['hook'] };
const watched = {
  // Fires and is resolved in turns.
  turns: {
    ...alert,
    sql: 'SELECT toString(number) AS n, (intDiv(toUnixTimestamp({to}), 10) + number) % 2 AS value FROM numbers(4)',
    condition: { type: 'threshold', above: 0.5 },
    labels: ['n'],
  },
  busy: {
    ...alert,
    sql: 'SELECT viewer, sum(requests) AS value FROM windows_viewers GROUP BY viewer',
    condition: { type: 'threshold', above: 5 },
    labels: ['viewer'],
  },
};

function configuration(folder: string, sent: SentTo, alerts: object): object {
  return {
    pipelines: { edge: { source: { type: 'files', paths: [join(folder, 'logs', '*.log')] } } },
    windows: queries(sent),
    notifications: { hook: { type: 'webhook', url: `${sent.receiver.url}/alerts` } },
    alerts,
  };
}

/** Files of requests whose time goes on, with rows that come late. */
class Feed {
  readonly rows: StoredRow[] = [];
  files = 0;
  readonly #folder: string;
  readonly #random: Random;

  constructor(folder: string, random: Random) {
    this.#folder = join(folder, 'logs');
    this.#random = random;
    mkdirSync(this.#folder);
  }

  add(): void {
    const random = this.#random;
    const number = ++this.files;
    const nowMs = Date.UTC(2026, 2, 1, 10) + number * 2000;
    const rows = Array.from({ length: rowsPerFile }, () => ({
      timeMs: Math.floor((nowMs - random.below(random.chance(0.2) ? 30_000 : 2000)) / 1000) * 1000,
      viewer: `203.0.113.${random.below(30)}`,
      bytes: random.below(1000),
    }));
    this.rows.push(...rows);
    const text = rows.map(({ timeMs, viewer, bytes }, line) => {
      const [day, time] = new Date(timeMs).toISOString().split('T');
      const fields = [day, time?.slice(0, 8), 'FRA56-P4', bytes, viewer, 'GET', 'd1.cloudfront.net', '/', 200];
      return `${[...fields, `${number}-${line}`].join('\t')}\n`;
    });
    const path = join(this.#folder, `${number}.log`);
    writeFileSync(`${path}.new`, header + text.join(''));
    renameSync(`${path}.new`, path);
  }
}

import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import type { PipelineAnswer, PipelinesAnswer } from '../../src/server/routes/pipelines.ts';
import type { RetentionAnswer } from '../../src/server/routes/retention.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

const http: PipelineAnswer = {
  name: 'http',
  source: 'http',
  state: 'running',
  problem: null,
  isHeldBack: false,
  linesPerSecond: 3.25,
  lagMs: null,
  oldestUnacknowledgedMs: null,
  waitingBytes: 0,
  waitingDeliveries: 0,
  retries: 0,
  lastBatchMs: null,
  lastStoredAt: null,
  usualGapMs: null,
  counts: {
    lines: 0,
    rows: 0,
    rejected: 0,
    comments: 0,
    excluded: 0,
    bytes: 0,
    deliveries: 0,
    known: 0,
    batches: 0,
    events: 0,
  },
  outcomes: {},
  parts: [],
};

const edge: PipelineAnswer = {
  ...http,
  name: 'edge',
  source: 'kinesis',
  linesPerSecond: 12_345.6,
  lagMs: 450,
  oldestUnacknowledgedMs: 423,
  waitingBytes: 3_400_000,
  retries: 3,
  lastStoredAt: '2026-11-20 14:00:00.000',
  counts: { ...http.counts, lines: 1_234_567, rows: 1_233_700, rejected: 867, events: 1 },
  parts: Array.from({ length: 12 }, (_, shard) => ({
    name: `shardId-${String(shard).padStart(12, '0')}`,
    lagMs: shard * 40,
    oldestUnacknowledgedMs: shard % 2 ? 420 : null,
    waiting: null,
  })),
};

const site: PipelineAnswer = {
  ...http,
  name: 'site-with-a-name-that-is-longer-than-anybody-would-like',
  source: 's3',
  state: 'retrying',
  linesPerSecond: 0,
  problem: 'cannot receive from "https://sqs.us-east-1.amazonaws.com/123456789012/log-objects": connection refused',
  parts: [{ name: 'log-objects', lagMs: 250_000, oldestUnacknowledgedMs: null, waiting: 1200 }],
};

const archive: PipelineAnswer = { ...site, name: 'archive', state: 'failed', problem: 'no such queue', parts: [] };

const folder: PipelinesAnswer['destinations'][number] = {
  name: 'nightly',
  type: 'archive',
  state: 'retrying',
  problem: 'cannot write to "/srv/logs": the disk is full; free some space',
  waitingBatches: 12,
  lagMs: 250_000,
  lastShippedAt: null,
  counts: {
    batches: 7,
    rows: 12_345,
    refused: 3,
    backupBytes: 4_000,
    bytes: 9_000_000,
    objects: 14,
    retries: 5,
    dead: 1,
  },
};

const lake: PipelinesAnswer['lake'] = {
  name: 's3://edge-lake/lake/',
  state: 'retrying',
  problem: 'cannot write to "s3://edge-lake/lake/": access denied',
  lagMs: 7_200_000,
  counts: { hours: 48, rows: 12_345, bytes: 9_000_000, failures: 2 },
};

const due: RetentionAnswer['plan']['expiring'][number] = {
  ...{ table: 'requests', partition: '20260828', parts: 3, rows: 831_204, bytes: 61_300_000, rule: 'age' },
  ...{ oldestMs: Date.UTC(2026, 7, 28), newestMs: Date.UTC(2026, 7, 29) - 1, beforeMs: Date.UTC(2026, 7, 29) },
  ...{ isWhole: true, missingAt: [], isHeld: false },
};

const retention: RetentionAnswer = {
  deleted: [{ table: 'requests', rows: 1_234_567, bytes: 90_000_000 }],
  plan: {
    tables: (['requests', 'logs', 'rejects'] as const).map((table) => ({ table, rows: 1000, bytes: 1000 })),
    expiring: [
      due,
      {
        ...due,
        table: 'logs',
        partition: '20261026',
        rows: 12_004,
        bytes: 1_100_000,
        missingAt: ['search'],
        isHeld: true,
      },
    ],
  },
};

const events: PipelinesAnswer['events'] = [
  {
    at: '2026-11-20 14:00:00.123',
    name: 'layout_drift',
    origin: `s3://example-logs/${'a-long-folder/'.repeat(8)}E2EXAMPLE1DEMO.gz`,
    detail: '812 of 1000 lines do not fit the layout; most often: too few columns, <b>800</b> times',
  },
];

/** No source runs in these tests: the test provides the state of pipelines, the server everything else. */
export function pipelinesPageCases(current: () => ConsoleUnderTest): void {
  const since = '2026-11-20 12:00:00.000';
  const now = '2026-11-20 14:00:05.000';
  const tell = async (answer: () => PipelinesAnswer | 'away') => {
    await current().page.route('**/api/pipelines', (route: Route) => {
      const told = answer();
      return told === 'away' ? route.abort() : route.fulfill({ json: told });
    });
  };
  const tellRetention = (told: RetentionAnswer) =>
    current().page.route('**/api/retention', (route: Route) => route.fulfill({ json: told }));
  const open = () => current().page.goto(`${current().address}#/pipelines`);

  it('says what to configure, and what works without', async () => {
    const { page, problems } = current();
    await tell(() => ({ now, since, pipelines: [http], destinations: [], lake: null, alerts: null, events: [] }));
    await open();
    const help = page.locator('[data-panel="no-pipelines"]');
    await expectText(help, /No pipeline is configured.*pipelines:.*type: kinesis.*tailrace up.*\/ingest\/ndjson/);
    await expectText(page.locator('[data-pipeline="http"]'), /running.*3\.3/);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await current().photograph(`pipelines-none-${width}`, true);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect(problems).toEqual([]);
  });

  it.each([390, 900, 1440])('fits %d pixels, light and dark', async (width) => {
    const { page, problems } = current();
    await page.setViewportSize({ width, height: 900 });
    await tell(() => ({
      now,
      since,
      pipelines: [archive, site, edge, http],
      destinations: [folder],
      lake,
      alerts: null,
      events,
    }));
    await tellRetention(retention);
    await open();
    await expectText(page.locator('[data-pipeline="archive"]'), /failed.*no such queue/);
    await expectText(page.locator('[data-pipeline="edge"]'), /12\.3.k.*450.ms.*423.ms.*3\.40.MB.*1\.23.M.*867/);
    await expectText(page.locator('[data-panel="events"]'), /layout drift.*<b>800<\/b> times/);
    await expectText(
      page.locator('[data-panel="destinations"]'),
      /nightly.*retrying.*12\.3.k rows, 9.MB shipped in 14 objects; batches waiting: 12, the oldest for 250.s; refused: 3, in the backup: 4.kB; given up: 1.*disk is full/,
    );
    await expectText(
      page.locator('[data-panel="lake"]'),
      /edge-lake\/lake\/.*retrying.*complete until 2 hours ago; 12\.3.k rows, 9.MB written in 48 hours; failures: 2.*access denied/,
    );
    const deletions = page.locator('[data-panel="retention"]');
    await expectText(
      deletions,
      /requests.*due.*deleted: 1\.23.M rows, 90.MB.*next: 831.k rows, 61\.3.MB, from 20260828/,
    );
    await expectText(deletions, /logs.*held.*next: 12\.0.k rows, 1\.10.MB.*kept until search has them: 12\.0.k rows/);
    await expectText(deletions, /^(?!.*rejects)/);
    await page.locator('.trust', { hasText: 'Stored' }).waitFor();
    await expectText(
      page.locator('.trust'),
      /archive failed, and 3 more.*12\.3.k lines\/s.*Stored9,995 rows.*Rejected5 lines/,
    );
    expect(await page.locator('[data-panel="no-pipelines"]').count()).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await current().photograph(`pipelines-${width}-${colorScheme}`, true);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(problems).toEqual([]);
  });

  it('opens every number that has a table behind it', async () => {
    const { page, problems } = current();
    await tell(() => ({
      now,
      since: '2000-01-01 00:00:00.000',
      pipelines: [edge, http],
      destinations: [],
      lake,
      alerts: null,
      events,
    }));
    const { tables } = retention.plan;
    await tellRetention({ ...retention, plan: { tables, expiring: [due] } });
    await open();
    const links = page.locator('.pipelines .panel a');
    await page.locator('[data-panel="retention"]').waitFor();
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(addresses).toHaveLength(7);
    for (const address of addresses) {
      await page.goto(current().address + address);
      await page.getByRole('button', { name: 'Run' }).click();
      await expectText(page.locator('[aria-label="Result"]'), /^\d+ rows? in/);
    }
    expect(problems).toEqual([]);
  });

  it('follows the server, and keeps what it knows while it is away', async () => {
    const { page } = current();
    let answer: PipelinesAnswer | 'away' = {
      now,
      since,
      pipelines: [{ ...edge, linesPerSecond: 111 }],
      destinations: [],
      lake: null,
      alerts: null,
      events: null,
    };
    await tell(() => answer);
    await open();
    const panel = page.locator('[data-pipeline="edge"]');
    await expectText(panel, /Lines\/s111/);
    await expectText(page.locator('[data-panel="events"]'), /does not answer/);
    answer = {
      now,
      since,
      pipelines: [{ ...edge, linesPerSecond: 222 }],
      destinations: [],
      lake: null,
      alerts: null,
      events: [],
    };
    await panel.getByText('222', { exact: true }).waitFor();
    answer = 'away';
    await expectText(page.getByRole('alert'), /does not answer.*Shown is the state of \d\d:\d\d UTC/);
    await expectText(panel, /Lines\/s222/);
    answer = {
      now,
      since,
      pipelines: [{ ...edge, linesPerSecond: 333 }],
      destinations: [],
      lake: null,
      alerts: null,
      events: [],
    };
    await panel.getByText('333', { exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('is one click away from the other pages', async () => {
    const { page, problems } = current();
    await tell(() => ({ now, since, pipelines: [edge], destinations: [], lake: null, alerts: null, events: [] }));
    await page.goto(`${current().address}#/sql`);
    await page.getByRole('link', { name: 'Pipelines' }).click();
    await page.locator('[data-pipeline="edge"]').waitFor();
    expect(await page.getByRole('link', { name: 'Pipelines' }).getAttribute('aria-current')).toBe('page');
    expect(problems).toEqual([]);
  });
}

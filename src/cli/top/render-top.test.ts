import { describe, expect, it } from 'vitest';
import type { DestinationAnswer } from '../../server/destination-answer.ts';
import type { LakeAnswer } from '../../server/lake-answer.ts';
import type { PipelineAnswer, PipelinesAnswer } from '../../server/routes/pipelines.ts';
import type { RetentionAnswer } from '../../server/routes/retention.ts';
import { endless, renderTop, type TopView } from './render-top.ts';
import { printLine } from './styled-line.ts';

const quiet: PipelineAnswer = {
  name: 'app',
  source: 'files',
  state: 'running',
  problem: null,
  isHeldBack: false,
  linesPerSecond: 0,
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

const answer: PipelinesAnswer = {
  now: '2026-11-20 12:00:10.000',
  since: '2026-11-20 12:00:00.000',
  destinations: [],
  lake: null,
  alerts: null,
  pipelines: [
    {
      ...quiet,
      name: 'site',
      source: 's3',
      state: 'retrying',
      problem: 'cannot receive from "log-objects": connection refused; trying again',
      lagMs: 250_000,
      retries: 12,
      parts: [{ name: 'log-objects', lagMs: 250_000, oldestUnacknowledgedMs: null, waiting: 1200 }],
    },
    {
      ...quiet,
      name: 'edge',
      source: 'kinesis',
      linesPerSecond: 12_345.6,
      lagMs: 210,
      oldestUnacknowledgedMs: 1_100,
      waitingBytes: 3_400_000,
      counts: { ...quiet.counts, rejected: 5 },
      parts: [
        { name: 'shardId-000000000000', lagMs: 210, oldestUnacknowledgedMs: 1_100, waiting: null },
        { name: 'shardId-000000000001', lagMs: 0, oldestUnacknowledgedMs: null, waiting: null },
      ],
    },
    quiet,
  ],
  events: [
    {
      at: '2026-11-20 14:12:00.123',
      name: 'layout_drift',
      origin: 's3://logs/a.gz',
      detail: '9 of 10 lines do not fit',
    },
    { at: '2026-11-20 13:00:00.000', name: 'columns_changed', origin: '/logs/b', detail: 'the columns change' },
  ],
};

const view: TopView = {
  store: '/data/store',
  url: 'http://127.0.0.1:4280',
  nowMs: Date.UTC(2026, 10, 20, 14, 13),
  answer,
  rates: new Map([
    ['edge', [0, 1000, 5000, 12_345]],
    ['site', [0, 0]],
  ]),
  showsParts: undefined,
};

function draw(changed: Partial<TopView>, columns: number, rows: number): string {
  const { lines } = renderTop({ ...view, ...changed }, { columns, rows });
  return lines.map((line) => printLine(line, columns, false)).join('\n');
}

describe('the picture', () => {
  it('of a wide terminal', () => {
    expect(draw({}, 110, 18)).toMatchInlineSnapshot(`
      "tailrace  /data/store  http://127.0.0.1:4280
      12.3 k lines/s  3 pipelines, 1 in trouble  up 2.2 h, since 2026-11-20 12:00 UTC

      PIPELINE SOURCE  STATE     LINES/S                                         LAG  OLDEST WAITING RETRIES REJECTS
      site     s3      retrying        0                                  ▁▁ 4.2 min       –       –      12       0
        ! cannot receive from "log-objects": connection refused; trying again
        log-objects                                                          4.2 min       –   1,200
      edge     kinesis running    12.3 k                                ▁▂▄█  210 ms   1.1 s  3.4 MB       0       5
        shardId-000000000000                                                  210 ms   1.1 s
        shardId-000000000001                                                    0 ms       –
      app      files   running         0                                           –       –       –       0       0

      LATEST EVENTS (UTC)
      11-20 14:12:00  layout_drift  s3://logs/a.gz: 9 of 10 lines do not fit
      11-20 13:00:00  columns_changed  /logs/b: the columns change


      q quits  p hides shards, queues, files"
    `);
  });

  it('of a narrow and low one leaves out the source and the parts, and cuts lines', () => {
    expect(draw({}, 72, 12)).toMatchInlineSnapshot(`
      "tailrace  /data/store  http://127.0.0.1:4280
      12.3 k lines/s  3 pipelines, 1 in trouble  up 2.2 h, since 2026-11-20 1…

      PIPELINE STATE     LINES/S     LAG  OLDEST WAITING RETRIES REJECTS
      site     retrying        0 4.2 min       –       –      12       0
        ! cannot receive from "log-objects": connection refused; trying again
      edge     running    12.3 k  210 ms   1.1 s  3.4 MB       0       5
      app      running         0       –       –       –       0       0

      LATEST EVENTS (UTC)
      11-20 14:12:00  layout_drift  s3://logs/a.gz: 9 of 10 lines do not fit
      q quits  p shows shards, queues, files"
    `);
  });

  it('for a pipe is as long as it must be', () => {
    const { lines } = renderTop({ ...view, rates: new Map(), showsParts: true }, endless);
    expect(lines.map((line) => printLine(line, endless.columns, false)).join('\n')).toMatchInlineSnapshot(`
      "tailrace  /data/store  http://127.0.0.1:4280
      12.3 k lines/s  3 pipelines, 1 in trouble  up 2.2 h, since 2026-11-20 12:00 UTC

      PIPELINE SOURCE  STATE     LINES/S     LAG  OLDEST WAITING RETRIES REJECTS
      site     s3      retrying        0 4.2 min       –       –      12       0
        ! cannot receive from "log-objects": connection refused; trying again
        log-objects                      4.2 min       –   1,200
      edge     kinesis running    12.3 k  210 ms   1.1 s  3.4 MB       0       5
        shardId-000000000000              210 ms   1.1 s
        shardId-000000000001                0 ms       –
      app      files   running         0       –       –       –       0       0

      LATEST EVENTS (UTC)
      11-20 14:12:00  layout_drift  s3://logs/a.gz: 9 of 10 lines do not fit
      11-20 13:00:00  columns_changed  /logs/b: the columns change"
    `);
  });

  it('of destinations, below the pipelines', () => {
    const counts = {
      batches: 12,
      rows: 48_000,
      refused: 0,
      backupBytes: 0,
      bytes: 9_000_000,
      objects: 0,
      retries: 0,
      dead: 0,
    };
    const archive: DestinationAnswer = {
      ...{ name: 'archive', type: 'archive', state: 'running', problem: null, waitingBatches: 0, lagMs: 0 },
      ...{ lastShippedAt: '2026-11-20T14:12:59.000Z', counts },
    };
    const search: DestinationAnswer = {
      ...{ name: 'search', type: 'archive', state: 'retrying', problem: 'no space left', waitingBatches: 7 },
      ...{
        lagMs: 95_000,
        lastShippedAt: null,
        counts: { ...counts, rows: 0, refused: 3, backupBytes: 1_500_000, retries: 9, dead: 1 },
      },
    };
    const changed = { answer: { ...answer, pipelines: [quiet], destinations: [archive, search], events: [] } };
    expect(draw(changed, 80, 12)).toMatchInlineSnapshot(`
      "tailrace  /data/store  http://127.0.0.1:4280
      0 lines/s  1 pipeline, 1 in trouble  up 2.2 h, since 2026-11-20 12:00 UTC

      PIPELINE SOURCE STATE     LINES/S            LAG  OLDEST WAITING RETRIES REJECTS
      app      files  running         0              –       –       –       0       0

      DESTINATION STATE        ROWS     LAG WAITING RETRIES REFUSED  BACKUP   DEAD
      archive     running      48 k       –       0       0       0     0 B      0
      search      retrying        0    95 s       7       9       3  1.5 MB      1
        ! no space left

      q quits  p hides shards, queues, files"
    `);
  });

  it('of the lake and of retention, below the destinations', () => {
    const lake: LakeAnswer = {
      ...{ name: '/srv/lake', state: 'retrying', problem: 'the disk is full; free some space', lagMs: 5_400_000 },
      counts: { hours: 48, rows: 1_200_000, bytes: 90_000_000, failures: 3 },
    };
    const rows = { parts: 1, rule: 'age', beforeMs: 0, oldestMs: 0, newestMs: 0, isWhole: true } as const;
    const due = { ...rows, table: 'requests', partition: '20260801', rows: 800_000, bytes: 61_000_000 } as const;
    const retention: RetentionAnswer = {
      deleted: [{ table: 'requests', rows: 9_000_000, bytes: 700_000_000 }],
      plan: {
        tables: (['requests', 'logs', 'rejects'] as const).map((table) => ({ table, rows: 10, bytes: 10 })),
        expiring: [
          { ...due, missingAt: [], isHeld: false },
          { ...due, table: 'logs', rows: 700, missingAt: ['search'], isHeld: true },
        ],
      },
    };
    const changed = {
      answer: { ...answer, pipelines: [quiet], lake, events: [] },
      retention,
    };
    expect(draw(changed, 80, 15)).toMatchInlineSnapshot(`
      "tailrace  /data/store  http://127.0.0.1:4280
      0 lines/s  1 pipeline, 1 in trouble  up 2.2 h, since 2026-11-20 12:00 UTC

      PIPELINE SOURCE STATE     LINES/S            LAG  OLDEST WAITING RETRIES REJECTS
      app      files  running         0              –       –       –       0       0

      LAKE      STATE       HOURS    ROWS   BYTES     LAG  FAILED
      /srv/lake retrying       48   1.2 M   90 MB   1.5 h       3
        ! the disk is full; free some space

      RETENTION DELETED   BYTES    NEXT   BYTES    HELD
      requests      9 M  700 MB   800 k   61 MB       0
      logs            0     0 B       0     0 B     700

      q quits  p hides shards, queues, files"
    `);
  });

  it('before the first answer, and when there is none', () => {
    expect(draw({ answer: undefined }, 60, 5)).toMatchInlineSnapshot(`
      "tailrace  /data/store  http://127.0.0.1:4280

      waiting for the first answer …"
    `);
    expect(draw({ answer: undefined, problem: 'cannot ask' }, 60, 5)).toContain('cannot ask');
  });

  it('keeps the last answer while the server is away, and says so', () => {
    const drawn = draw({ problem: 'cannot ask the server' }, 110, 18);
    expect(drawn).toContain('! cannot ask the server');
    expect(drawn).toContain('12.3 k');
  });

  it('says what to do where nothing runs', () => {
    expect(draw({ answer: { ...answer, pipelines: [], events: [] } }, 80, 10)).toContain('tailrace.yaml');
  });

  it('says that the store is silent', () => {
    expect(draw({ answer: { ...answer, events: null } }, 80, 20)).toContain('the store does not answer');
  });
});

describe('room', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    ...quiet,
    name: `p${index}`,
    parts: answer.pipelines[1]?.parts ?? [],
  }));

  it.each([
    [1, 1],
    [3, 2],
    [20, 4],
    [80, 10],
    [200, 60],
  ])('is never exceeded: %d columns, %d rows', (columns, rows) => {
    for (const pipelines of [[], answer.pipelines, many]) {
      for (const showsParts of [undefined, true, false]) {
        const lines = draw({ answer: { ...answer, pipelines }, showsParts }, columns, rows).split('\n');
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('shows how many lines were left out, and still some events', () => {
    const drawn = draw({ answer: { ...answer, pipelines: many } }, 80, 20);
    expect(drawn).toMatch(/… \d+ more lines/);
    expect(drawn).toContain('layout_drift');
  });

  it('shows parts when asked to, though they push others out', () => {
    expect(draw({ showsParts: true }, 72, 12)).toContain('log-objects');
    expect(draw({ showsParts: false }, 110, 40)).not.toContain('shardId');
  });
});

it('keeps every figure at 80 columns, whatever the names are', () => {
  const name = 'edge-logs-of-all-the-shops-in-europe';
  const counts = { ...quiet.counts, rejected: 9_999 };
  const [, , , titles, row] = draw({ answer: { ...answer, pipelines: [{ ...quiet, name, counts }] } }, 80, 24).split(
    '\n',
  );
  expect(titles).toMatch(/^PIPELINE .*RETRIES REJECTS$/);
  expect(row).toMatch(/^….*shops-in-europe running .* 9,999$/);
});

import type { PipelinesAnswer } from '../../server/routes/pipelines.ts';
import type { RetentionAnswer } from '../../server/routes/retention.ts';
import { printCount, printDuration } from '../quantity-text.ts';
import { destinationTable } from './destination-table.ts';
import { lakeTable, retentionTable } from './keep-tables.ts';
import { pipelineTable } from './pipeline-table.ts';
import type { Line } from './styled-line.ts';

/** Everything that one picture shows. */
export interface TopView {
  /** Directory of the store, if known. */
  readonly store: string | undefined;
  readonly url: string;
  readonly nowMs: number;
  /** The last successful answer. */
  readonly answer: PipelinesAnswer | undefined;
  /** As of the last look of retention; null before the first, and without one. */
  readonly retention?: RetentionAnswer | null;
  /** Why there is no newer answer. */
  readonly problem?: string | undefined;
  /** Lines per second by pipeline, oldest first; empty in a single picture. */
  readonly rates: ReadonlyMap<string, readonly number[]>;
  /** Whether the parts of a pipeline are shown; undefined: if there is room. */
  readonly showsParts: boolean | undefined;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A picture of unlimited size, for a pipe or a file. */
export const endless: Size = { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };

const mostEvents = 10;

export interface Picture {
  /** At most `rows` of them; a line longer than `columns` must be cut by the caller. */
  readonly lines: readonly Line[];
  readonly showsParts: boolean;
}

export function renderTop(view: TopView, size: Size): Picture {
  const { answer, problem, rates } = view;
  const head = renderHead(view);
  if (!answer) {
    const lines = [...head, [], [{ text: problem ?? 'waiting for the first answer …' }]];
    return { lines: lines.slice(0, size.rows), showsParts: true };
  }

  // One empty line above, one line of keys below.
  const room = Math.max(0, size.rows - head.length - 2);
  const events = renderEvents(answer.events);
  const table = (withParts: boolean) => [
    ...pipelineTable(answer.pipelines, rates, size.columns, withParts),
    ...destinationTable(answer.destinations),
    ...lakeTable(answer.lake),
    ...retentionTable(view.retention ?? null),
  ];
  const wide = table(true);
  const isWide = view.showsParts ?? wide.length + Math.min(events.length, 6) <= room;
  const all = isWide ? wide : table(false);
  // Events keep a few lines at any table size, as the table starts with the pipelines in trouble.
  const shownTable = cutList(all, Math.max(room - events.length, Math.ceil(room * 0.6)));
  const shownEvents = events.slice(0, Math.max(0, room - shownTable.length));
  const body: Line[] = [...head, [], ...shownTable, ...shownEvents];
  if (Number.isFinite(size.rows)) {
    while (body.length < size.rows - 1) body.push([]);
    body.push(renderKeys(isWide));
  }
  return { lines: body.slice(0, size.rows), showsParts: isWide };
}

function renderHead({ store, url, nowMs, answer, problem }: TopView): Line[] {
  const title: Line = [
    { text: 'tailrace', tone: 'strong' },
    { text: store === undefined ? '' : `  ${store}` },
    { text: `  ${url}`, tone: 'faint' },
  ];
  if (!answer) return [title];
  const { pipelines, destinations, lake, since } = answer;
  const inTrouble = [
    ...pipelines.filter(({ state, isHeldBack }) => isHeldBack || state === 'failed' || state === 'retrying'),
    ...[...destinations, ...(lake ? [lake] : [])].filter(({ state }) => state === 'retrying'),
  ];
  const rate = pipelines.reduce((sum, { linesPerSecond }) => sum + linesPerSecond, 0);
  const upMs = nowMs - Date.parse(`${since.replace(' ', 'T')}Z`);
  const totals: Line = [
    { text: `${printCount(rate)} lines/s`, tone: 'strong' },
    { text: `  ${pipelines.length} ${pipelines.length === 1 ? 'pipeline' : 'pipelines'}, ` },
    inTrouble.length > 0 ? { text: `${inTrouble.length} in trouble`, tone: 'bad' } : { text: 'all well', tone: 'good' },
    { text: `  up ${printDuration(Math.max(0, upMs))}, since ${since.slice(0, 16)} UTC`, tone: 'faint' },
  ];
  return problem ? [title, totals, [{ text: `! ${problem}`, tone: 'bad' }]] : [title, totals];
}

function renderEvents(events: PipelinesAnswer['events']): Line[] {
  if (events === null) return [[], [{ text: 'events: the store does not answer', tone: 'warn' }]];
  if (events.length === 0) return [];
  return [
    [],
    [{ text: 'LATEST EVENTS (UTC)', tone: 'faint' }],
    ...events
      .slice(0, mostEvents)
      .map(
        ({ at, name, origin, detail }): Line => [
          { text: `${at.slice(5, 19)}  `, tone: 'faint' },
          { text: name, tone: 'warn' },
          { text: `  ${origin}: ${detail}` },
        ],
      ),
  ];
}

function renderKeys(showsParts: boolean): Line {
  return [
    { text: 'q', tone: 'strong' },
    { text: ' quits  ', tone: 'faint' },
    { text: 'p', tone: 'strong' },
    { text: showsParts ? ' hides shards, queues, files' : ' shows shards, queues, files', tone: 'faint' },
  ];
}

function cutList(lines: readonly Line[], room: number): readonly Line[] {
  if (lines.length <= room) return lines;
  const shown = Math.max(0, room - 1);
  return [...lines.slice(0, shown), [{ text: `… ${lines.length - shown} more lines`, tone: 'faint' as const }]];
}

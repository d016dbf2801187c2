import type { PipelineAnswer } from '../../server/routes/pipelines.ts';
import { printBytes, printCount, printDuration } from '../quantity-text.ts';
import { type Figure, figureCells, figureTitles, problemLines, stateWidth } from './figures.ts';
import { sparkline } from './sparkline.ts';
import { cutStart, type Line, padEnd, type Tone } from './styled-line.ts';

const nothing = '–';
const longestName = 24;
const shortestName = 8;
const sparkWidth = { least: 6, most: 40 };

/** Columns to the right of a pipeline's name, source, state and rate. Parts have the first three as well. */
const figures: readonly Figure<PipelineAnswer>[] = [
  ['LAG', 7, ({ lagMs }) => ({ text: printAge(lagMs) })],
  ['OLDEST', 7, ({ oldestUnacknowledgedMs }) => ({ text: printAge(oldestUnacknowledgedMs) })],
  ['WAITING', 7, ({ waitingBytes }) => ({ text: waitingBytes > 0 ? printBytes(waitingBytes) : nothing })],
  ['RETRIES', 7, ({ retries }) => ({ text: printCount(retries) })],
  [
    'REJECTS',
    7,
    ({ counts }) => ({ text: printCount(counts.rejected), tone: counts.rejected > 0 ? 'warn' : undefined }),
  ],
];

interface Widths {
  readonly name: number;
  /** 0 when there is no room. */
  readonly source: number;
  /** Width of the sparkline; 0 when there are no rates, or no room. */
  readonly spark: number;
  /** Total width left of the figures. */
  readonly left: number;
}

/** One line per pipeline; below it its problem, and its parts if asked for. */
export function pipelineTable(
  pipelines: readonly PipelineAnswer[],
  rates: ReadonlyMap<string, readonly number[]>,
  columns: number,
  withParts: boolean,
): Line[] {
  if (pipelines.length === 0)
    return [[{ text: 'No pipeline runs. Name sources under "pipelines:" in tailrace.yaml.' }]];
  const widths = chooseWidths(pipelines, rates.size > 0 ? columns : 0, columns);
  return [
    renderTitles(widths),
    ...pipelines.flatMap((pipeline) => [
      renderPipeline(pipeline, rates.get(pipeline.name) ?? [], widths),
      ...problemLines(pipeline.problem, toneOf(pipeline) ?? 'warn'),
      ...(withParts ? pipeline.parts.map((part) => renderPart(part, widths)) : []),
    ]),
  ];
}

const rateWidth = 7;

function chooseWidths(pipelines: readonly PipelineAnswer[], sparkColumns: number, columns: number): Widths {
  const right = figures.reduce((sum, [, width]) => sum + 1 + width, 0);
  // Names are cut before figures are dropped.
  const room = columns - right - (1 + stateWidth + 1 + rateWidth);
  const longest = Math.max(shortestName, ...pipelines.map((pipeline) => pipeline.name.length));
  const name = Math.min(longest, longestName, Math.max(shortestName, room));
  const narrow = name + 1 + stateWidth + 1 + rateWidth;
  const longestSource = Math.max(6, ...pipelines.map((pipeline) => pipeline.source.length));
  const hasRoom = columns >= narrow + right + 1 + longestSource + 1 + sparkWidth.least;
  const source = hasRoom ? longestSource : 0;
  const fixed = narrow + (source > 0 ? 1 + source : 0);
  const free = Math.min(sparkWidth.most, sparkColumns - fixed - right - 1);
  const spark = free >= sparkWidth.least ? free : 0;
  return { name, source, spark, left: fixed + (spark > 0 ? 1 + spark : 0) };
}

function renderTitles({ name, source, spark }: Widths): Line {
  const left = [
    'PIPELINE'.padEnd(name),
    ...(source > 0 ? ['SOURCE'.padEnd(source)] : []),
    'STATE'.padEnd(stateWidth),
    'LINES/S'.padStart(rateWidth),
    ...(spark > 0 ? [' '.repeat(spark)] : []),
  ];
  return [{ text: [...left, ...figureTitles(figures)].join(' '), tone: 'faint' }];
}

function renderPipeline(pipeline: PipelineAnswer, rates: readonly number[], { name, source, spark }: Widths): Line {
  const state = pipeline.state === 'running' && pipeline.isHeldBack ? 'held back' : pipeline.state;
  return [
    { text: padEnd(cutStart(pipeline.name, name), name), tone: 'strong' },
    { text: source > 0 ? ` ${pipeline.source.padEnd(source)}` : '', tone: 'faint' },
    { text: ` ${state.padEnd(stateWidth)}`, tone: toneOf(pipeline) },
    { text: ` ${printCount(pipeline.linesPerSecond).padStart(rateWidth)}` },
    { text: spark > 0 ? ` ${sparkline(rates, spark)}` : '', tone: 'accent' },
    ...figureCells(figures, pipeline),
  ];
}

function renderPart(part: PipelineAnswer['parts'][number], { left }: Widths): Line {
  const { name, lagMs, oldestUnacknowledgedMs, waiting } = part;
  // Queues wait in messages, pipelines in bytes, which carry their unit.
  const cells = [printAge(lagMs), printAge(oldestUnacknowledgedMs), waiting === null ? '' : printCount(waiting)];
  const text = cells.map((cell, index) => cell.padStart(figures[index]?.[1] ?? 0)).join(' ');
  return [{ text: `  ${padEnd(cutStart(name, left - 2), left - 2)} ${text}`.trimEnd(), tone: 'faint' }];
}

function toneOf({ state, isHeldBack }: PipelineAnswer): Tone | undefined {
  if (state === 'failed') return 'bad';
  if (state === 'retrying' || isHeldBack) return 'warn';
  return state === 'running' ? 'good' : undefined;
}

function printAge(ms: number | null): string {
  return ms === null ? nothing : printDuration(ms);
}

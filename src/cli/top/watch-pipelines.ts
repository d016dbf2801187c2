import { setTimeout as delay } from 'node:timers/promises';
import type { PipelinesAnswer } from '../../server/routes/pipelines.ts';
import type { RetentionAnswer } from '../../server/routes/retention.ts';
import type { ServerAddress } from '../running-server.ts';
import { openScreen, type TerminalInput, type TerminalOutput } from './open-screen.ts';
import { readPipelines, readRetention } from './read-pipelines.ts';
import { renderTop } from './render-top.ts';
import { printLine } from './styled-line.ts';

export interface WatchOptions {
  readonly server: ServerAddress;
  readonly store: string | undefined;
  readonly intervalMs: number;
  readonly hasColor: boolean;
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
}

const controlC = '\u0003';
/** More than the width of a sparkline. */
const keptRates = 60;

/** Redraws the state of the pipelines until `q`, Ctrl-C or a signal. Waits for a server that is unavailable. */
export async function watchPipelines(options: WatchOptions): Promise<void> {
  const { server, store, intervalMs, hasColor } = options;
  const { url } = server;
  const ending = new AbortController();
  const end = () => ending.abort();
  let answer: PipelinesAnswer | undefined;
  let retention: RetentionAnswer | null = null;
  let problem: string | undefined;
  // What the user asked for, and what there was room for.
  let showsParts: boolean | undefined;
  let arePartsShown = false;
  let rates: ReadonlyMap<string, readonly number[]> = new Map();

  const draw = () => {
    const size = screen.size();
    const picture = renderTop({ store, url, nowMs: Date.now(), answer, retention, problem, rates, showsParts }, size);
    arePartsShown = picture.showsParts;
    screen.draw(picture.lines.map((line) => printLine(line, size.columns, hasColor)));
  };
  const onKey = (key: string) => {
    if (key === 'q' || key === controlC) end();
    if (key !== 'p') return;
    showsParts = !arePartsShown;
    draw();
  };
  const screen = openScreen(options, { onKey, onResize: () => draw() });
  for (const signal of signals) process.once(signal, end);
  try {
    draw();
    while (!ending.signal.aborted) {
      try {
        [answer, retention] = await Promise.all([
          readPipelines(server, ending.signal),
          readRetention(server, ending.signal),
        ]);
        rates = appendRates(rates, answer);
        problem = undefined;
      } catch (error) {
        problem = (error as Error).message;
      }
      if (ending.signal.aborted) break;
      draw();
      await delay(intervalMs, undefined, { signal: ending.signal }).catch(() => {});
    }
  } finally {
    for (const signal of signals) process.off(signal, end);
    screen.close();
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Rates of the current pipelines; a gap in between is not shown. */
function appendRates(
  rates: ReadonlyMap<string, readonly number[]>,
  { pipelines }: PipelinesAnswer,
): Map<string, readonly number[]> {
  return new Map(
    pipelines.map(({ name, linesPerSecond }) => [name, [...(rates.get(name) ?? []), linesPerSecond].slice(-keptRates)]),
  );
}

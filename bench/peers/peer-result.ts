import { median } from '../classic-queries.ts';
import type { Run } from '../comparisons/runs.ts';
import { type QuestionName, type Questions, questionNames } from './questions.ts';

export interface Answered {
  /** Median of the repetitions after one that warms up, until the last byte. */
  readonly ms: number;
  /** Mean of the repetitions. */
  readonly cpuSeconds: number;
  readonly rows: number;
}

/** What one program did with the rows. */
export interface PeerResult {
  readonly name: string;
  /** Until all rows can be queried. */
  readonly ingest: Run;
  readonly storedBytes: number;
  readonly answers: Readonly<Record<QuestionName, Answered>>;
}

const repetitions = 5;

/** @param ask resolves with the number of rows of the answer once all of it has arrived */
export async function askAll(
  questions: Questions,
  ask: (question: string) => Promise<number>,
  cpuSeconds: () => number,
): Promise<PeerResult['answers']> {
  const answers: Partial<Record<QuestionName, Answered>> = {};
  for (const name of questionNames) {
    const rows = await ask(questions[name]);
    const cpuBefore = cpuSeconds();
    const times: number[] = [];
    for (let run = 0; run < repetitions; run++) {
      const startedAt = performance.now();
      await ask(questions[name]);
      times.push(performance.now() - startedAt);
    }
    answers[name] = { ms: median(times), cpuSeconds: (cpuSeconds() - cpuBefore) / repetitions, rows };
  }
  return answers as PeerResult['answers'];
}

/** @throws Error when two programs give a different number of rows: then they did not answer the same question */
export function assertSameAnswers(results: readonly PeerResult[]): void {
  const [ours, ...peers] = results;
  for (const name of questionNames) {
    const odd = peers.find((peer) => peer.answers[name].rows !== ours?.answers[name].rows);
    if (odd) {
      throw new Error(
        `cannot compare "${name}": ${odd.name} gives ${odd.answers[name].rows} rows and ${ours?.name} ${ours?.answers[name].rows}; mend bench/peers/questions.ts`,
      );
    }
  }
}

/** Time and, in brackets, CPU time of each program, as a Markdown table. */
export function formatPeers(results: readonly PeerResult[]): string {
  const row = (name: string, cell: (result: PeerResult) => string) => `| ${name} | ${results.map(cell).join(' | ')} |`;
  return [
    row('', ({ name }) => name),
    `|---|${results.map(() => '---:').join('|')}|`,
    row('ingest, s (CPU s)', ({ ingest }) => `${ingest.seconds.toFixed(1)} (${ingest.cpuSeconds.toFixed(1)})`),
    row('stored, MB', ({ storedBytes }) => (storedBytes / 1e6).toFixed(1)),
    ...questionNames.map((name) =>
      row(`${name}, ms (CPU ms)`, ({ answers }) => {
        const { ms, cpuSeconds } = answers[name];
        return `${ms.toFixed(0)} (${(cpuSeconds * 1000).toFixed(0)})`;
      }),
    ),
  ].join('\n');
}

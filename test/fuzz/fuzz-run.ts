import { Random } from '../../bench/traffic/random.ts';

/** The length of a run, and its seed. */
export interface FuzzRun {
  readonly lines: number;
  readonly seed: number;
  /** Unrelated numbers for each step, so that step 17 is the same whatever came before it. */
  random(step: number): Random;
}

/**
 * `TAILRACE_FUZZ_LINES` and `TAILRACE_FUZZ_SEED`, or a short run that is always the same.
 * @param stream tells the tests of one run apart
 * @param share of all lines
 */
export function fuzzRun(name: string, stream: number, share: number, shortLines: number): FuzzRun {
  const { TAILRACE_FUZZ_LINES: wanted, TAILRACE_FUZZ_SEED: given } = process.env;
  const lines = wanted === undefined ? shortLines : Math.ceil(Number(wanted) * share);
  const seed = given === undefined ? (wanted === undefined ? 1 : Date.now() % 1_000_000_000) : Number(given);
  const again = wanted === undefined ? '' : `TAILRACE_FUZZ_LINES=${wanted} `;
  console.info(`${name}: ${lines} lines; ${again}TAILRACE_FUZZ_SEED=${seed} repeats them`);
  return { lines, seed, random: (step) => new Random(seed, stream, step) };
}

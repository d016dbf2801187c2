import { createHash } from 'node:crypto';

/** Chance that repeats: the same purpose and key always draw the same number, evenly from 0 to below 1. */
export function draw(purpose: string, key: string | number): number {
  const digest = createHash('sha256').update(`tailrace example logs|${purpose}|${key}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** Positive and lopsided, as durations and sizes are: half of them below `median`, two thirds within a factor e^spread. */
export function drawLogNormal(purpose: string, key: string | number, median: number, spread: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draw(`${purpose} radius`, key)));
  return median * Math.exp(spread * radius * Math.cos(2 * Math.PI * draw(`${purpose} angle`, key)));
}

/** One of the choices, each as likely as its weight says. */
export function drawWeighted<T extends { readonly weight: number }>(
  purpose: string,
  key: string | number,
  choices: readonly [T, ...T[]],
): T {
  let rest = draw(purpose, key) * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const choice of choices) {
    rest -= choice.weight;
    if (rest < 0) return choice;
  }
  return choices[0];
}

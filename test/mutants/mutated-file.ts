import { type Fault, faults } from './faults.ts';
import type { Random } from './random.ts';

export interface Mutated {
  readonly lines: readonly string[];
  /** How often each sound line is in it. */
  readonly copies: number;
}

/** Sound lines out of a hundred. */
const soundShare = 75;

/**
 * The lines of a file repeated, with faulty ones between them.
 * @param sound the lines that become rows
 */
export function mutatedFile(
  lines: readonly string[],
  sound: readonly string[],
  count: number,
  random: Random,
): Mutated {
  const copies = Math.ceil((count * soundShare) / (100 - soundShare) / sound.length);
  const mutants = Array.from({ length: count }, () => mutant(random.one(faults), sound, random));
  const places = mutants.map(() => random.below(copies * lines.length)).sort((one, other) => one - other);
  const first = lines.indexOf(sound[0] as string);
  const mixed: string[] = [];
  let next = 0;
  for (let at = 0; at < copies * lines.length; at++) {
    mixed.push(lines[at % lines.length] as string);
    // The first sound line is below the header, if there is one.
    while (at >= first && next < places.length && (places[next] as number) <= at) mixed.push(mutants[next++] as string);
  }
  return { lines: mixed, copies };
}

function mutant({ strike }: Fault, sound: readonly string[], random: Random): string {
  return strike(random.one(sound), random.one(sound), random);
}

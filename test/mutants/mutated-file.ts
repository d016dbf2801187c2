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
  const wanted = Math.ceil((count * soundShare) / (100 - soundShare) / sound.length);
  // After a hundred changes of its columns the rest of a file is refused.
  const headers = lines.filter((line) => namesColumns.test(line));
  const copies = changesColumns(lines) ? Math.min(wanted, Math.floor(mostHeaders / headers.length)) : wanted;
  const mutants = Array.from({ length: count }, () => mutant(random.one(faults), sound, random));
  const places = mutants.map(() => random.below(copies * lines.length)).sort((one, other) => one - other);
  const first = lines.indexOf(sound[0] as string);
  const mixed: string[] = [];
  let next = 0;
  for (let at = 0; at < copies * lines.length; at++) {
    mixed.push(lines[at % lines.length] as string);
    // The first sound line is below the header, if there is one.
    while (
      at >= first &&
      !isPart(lines[at % lines.length] as string) &&
      next < places.length &&
      (places[next] as number) <= at
    )
      mixed.push(mutants[next++] as string);
  }
  return { lines: mixed, copies };
}

const mostHeaders = 100;
const namesColumns = /^(?:#Fields|version |date\ttime|[^{]*\bsrcaddr\b)/;

export function changesColumns(lines: readonly string[]): boolean {
  return new Set(lines.filter((line) => namesColumns.test(line))).size > 1;
}

/** What comes between the parts of a line is read as one of them. */
function isPart(line: string): boolean {
  return /^\S+ std(?:out|err) P /.test(line);
}

export function isHeader(line: string): boolean {
  return /^(\xef\xbb\xbf)?#/.test(line) || /^[A-Za-z][A-Za-z_()-]+(?:[\t ,;|:]+[A-Za-z][A-Za-z_()-]*){2}/.test(line);
}

function mutant({ strike }: Fault, sound: readonly string[], random: Random): string {
  return strike(random.one(sound), random.one(sound), random);
}

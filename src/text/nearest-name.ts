/**
 * The name most likely meant: one that differs only in case, `-` or `_`; else the only one with this prefix; else the
 * one with the fewest edits, at most a third of its length (two for short names). `undefined` when nothing is near.
 */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const folded = fold(written);
  const same = known.find((name) => fold(name) === folded);
  if (same !== undefined) return same;
  const longer = known.filter((name) => folded.length >= 3 && fold(name).startsWith(folded));
  if (longer.length === 1) return longer[0];

  let best: { name: string; edits: number } | undefined;
  for (const name of known) {
    const mostEdits = Math.max(name.length <= 3 ? 1 : 2, Math.floor(name.length / 3));
    // A file may contain a key of a megabyte; comparing it letter by letter would only cost time.
    if (Math.abs(name.length - folded.length) > mostEdits) continue;
    const edits = countEdits(folded, fold(name));
    if (edits <= mostEdits && (best === undefined || edits < best.edits)) best = { name, edits };
  }
  return best?.name;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Edit distance, where swapping two neighbours is one edit (optimal string alignment). */
export function countEdits(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let edits = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) edits = Math.min(edits, at(beforePrevious, column - 2) + 1);
      current.push(edits);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

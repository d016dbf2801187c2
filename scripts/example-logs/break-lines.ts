/**
 * Breaks some lines of a log as real ones are sometimes broken, evenly over the log: cut short, two values run together
 * because a tab is missing, or letters within a number. None can be stored.
 * @param lines rows only, tab-separated
 * @param columns names of their columns
 */
export function breakLines(lines: readonly string[], columns: readonly string[]): string[] {
  const broken = [...lines];
  for (const [index, damage] of damages.entries()) {
    const at = Math.floor(((index + 0.5) * lines.length) / damages.length);
    broken[at] = damage(broken[at] as string, columns);
  }
  return broken;
}

type Damage = (line: string, columns: readonly string[]) => string;

const cutShort: Damage = (line) => line.slice(0, Math.floor(line.length * 0.6));

const withoutTab: Damage = (line, columns) => {
  const values = line.split('\t');
  const status = columns.indexOf('sc-status');
  return [...values.slice(0, status), `${values[status]}${values[status + 1]}`, ...values.slice(status + 2)].join('\t');
};

const withoutNumber: Damage = (line, columns) =>
  line
    .split('\t')
    .map((value, index) => (columns[index] === 'sc-bytes' ? `${value}B` : value))
    .join('\t');

const damages: readonly Damage[] = [cutShort, withoutTab, withoutNumber, cutShort, withoutTab];

import type { Machine } from './machine.ts';

/** One number of the comparison and its promised limit. */
export interface Finding {
  readonly name: string;
  readonly value: number;
  readonly unit: '×' | 'ms' | 'MB' | 'kB' | 's' | 'rows/s';
  /** The promise; absent for numbers that only inform. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
  /** What the number was computed from. */
  readonly from: string;
  /** The same computed from the CPU time of all processes: it says more on a machine that others use, too. */
  readonly cpu?: number;
}

export function isMet({ value, target }: Finding): boolean | undefined {
  if (target === undefined) return undefined;
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}

/**
 * The finding by CPU time, where there is such a figure, held to half of its promise.
 * @param slowness by which seconds of this machine are longer than those that were promised
 */
export function halved({ cpu, ...finding }: Finding, slowness = 1): Finding {
  const value = cpu ?? finding.value;
  const { target } = finding;
  if (target === undefined) return { ...finding, value };
  return {
    ...finding,
    value,
    target:
      'atLeast' in target
        ? { atLeast: target.atLeast / 2 }
        : { atMost: Number((target.atMost * 2 * (finding.unit === 's' ? slowness : 1)).toFixed(2)) },
  };
}

/** The findings as a Markdown table under a line that says where and when. */
export function formatFindings(machine: Machine, rows: number, findings: readonly Finding[]): string {
  const gigabytes = Math.round(machine.memoryBytes / 2 ** 30);
  const lines = findings.map((finding) => {
    const met = isMet(finding);
    const verdict = met === undefined ? '' : met ? 'yes' : '**no**';
    return `| ${finding.name} | ${formatValue(finding)} | ${formatTarget(finding)} | ${verdict} | ${finding.cpu === undefined ? '' : formatValue({ ...finding, value: finding.cpu })} | ${finding.from} |`;
  });
  return [
    `${rows.toLocaleString('en')} rows, ${machine.date}, commit ${machine.commit}, ${machine.processors} × ${machine.processor}, ` +
      `${gigabytes} GB, ${machine.system}, Node ${machine.node}`,
    '',
    '| measured | value | promise | kept | by CPU time | from |',
    '|---|---:|---:|---|---:|---|',
    ...lines,
  ].join('\n');
}

function formatValue({ value, unit }: Finding): string {
  const digits = unit === 'rows/s' || unit === 'MB' || unit === 'kB' || unit === 'ms' ? 0 : 2;
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

function formatTarget({ target, unit }: Finding): string {
  if (target === undefined) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast} ${unit}` : `≤ ${target.atMost} ${unit}`;
}

import type { Finding } from '../findings.ts';
import { days } from './build-month.ts';

/** The ranges that the overview is measured at, hours. */
export const ranges = { '1 h': 1, '24 h': 24, '7 d': 7 * 24, '30 d': days * 24 } as const;
export type Range = keyof typeof ranges;

/** A request that was sent once to warm up and then repeated. */
export interface Measured {
  readonly firstMs: number;
  /** Median of the repetitions. */
  readonly ms: number;
  readonly bestMs: number;
  /** Mean of the repetitions. */
  readonly cpuSeconds: number;
}

/** By report and range. */
export type Panels<R extends Range = Range> = Readonly<Record<string, Readonly<Record<R, Measured>>>>;

export const rangeNames = Object.keys(ranges) as Range[];

/** The slowest panel and the sum of all, by range. */
export function panelFindings(panels: Panels): Finding[] {
  return rangeNames.flatMap((range): Finding[] => {
    const measured = Object.entries(panels).map(([name, byRange]) => ({ name, ...byRange[range] }));
    const slowest = measured.toSorted((one, other) => other.ms - one.ms);
    const sum = (of: (panel: Measured) => number): number => measured.reduce((total, panel) => total + of(panel), 0);
    return [
      {
        name: `overview ${range}: slowest panel`,
        value: slowest[0]?.ms ?? 0,
        unit: 'ms',
        target: { atMost: 300 },
        from: slowest
          .slice(0, 3)
          .map(({ name, ms }) => `${name} ${ms.toFixed(0)} ms`)
          .join(', '),
        cpu: (slowest[0]?.cpuSeconds ?? 0) * 1000,
      },
      {
        name: `overview ${range}: all panels, one after the other`,
        value: sum(({ ms }) => ms),
        unit: 'ms',
        target: { atMost: 1000 },
        from: `${measured.length} panels; first time ${sum(({ firstMs }) => firstMs).toFixed(0)} ms`,
        cpu: sum(({ cpuSeconds }) => cpuSeconds) * 1000,
      },
    ];
  });
}

/** What the page costs for a long range against an hour: one that is served by rollups costs little more than another. */
export function rangeFinding<R extends Range>(panels: Panels<R | '1 h'>, long: R): Finding {
  const sum = (range: R | '1 h', of: (panel: Measured) => number): number =>
    Object.values(panels).reduce((total, byRange) => total + of(byRange[range]), 0);
  const ratio = (of: (panel: Measured) => number): number => sum(long, of) / sum('1 h', of);
  return {
    name: `overview: ${long} against 1 h`,
    value: ratio(({ ms }) => ms),
    unit: '×',
    target: { atMost: 2 },
    cpu: ratio(({ cpuSeconds }) => cpuSeconds),
    from: `CPU ${sum(long, ({ cpuSeconds }) => cpuSeconds).toFixed(2)} s against ${sum('1 h', ({ cpuSeconds }) => cpuSeconds).toFixed(2)} s`,
  };
}

/** Milliseconds and, in brackets, CPU seconds of each panel at each range, as a Markdown table. */
export function formatPanels(panels: Panels): string {
  const cell = ({ ms, cpuSeconds }: Measured): string => `${ms.toFixed(0)} (${cpuSeconds.toFixed(2)})`;
  return [
    `| panel: ms (CPU s) | ${rangeNames.join(' | ')} |`,
    `|---|${rangeNames.map(() => '---:').join('|')}|`,
    ...Object.entries(panels).map(
      ([name, byRange]) => `| ${name} | ${rangeNames.map((range) => cell(byRange[range])).join(' | ')} |`,
    ),
  ].join('\n');
}

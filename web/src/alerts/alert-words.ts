import type { Condition } from '../../../src/alerts/alert.ts';
import type { AlertAnswer, AlertInstanceAnswer } from '../../../src/server/alert-answer.ts';
import { formatQuantity, type Unit } from '../format/quantity.ts';
import { formatLength } from '../format/time-text.ts';

export type AlertTone = 'good' | 'warn' | 'bad' | 'none';

export interface StateWords {
  readonly tone: AlertTone;
  readonly text: string;
}

/** By phase. */
export const stateTones: Readonly<Record<string, AlertTone>> = { firing: 'bad', pending: 'warn', resolved: 'good' };

/** What the value of an alert is measured in. */
export function unitOf(type: string): Unit {
  if (type === 'ratio') return 'ratio';
  return type === 'absence' ? 'seconds' : 'number';
}

/** Why nobody is told of an instance, as a state: `silence 5f0c` → `silenced`. */
export function quietWord(quietBy: string): string {
  if (quietBy.startsWith('silence ')) return 'silenced';
  if (quietBy.startsWith('maintenance ')) return 'maintenance';
  return quietBy === '' ? '' : 'suppressed';
}

export function instanceState({ phase, quietBy }: Pick<AlertInstanceAnswer, 'phase' | 'quietBy'>): StateWords {
  const quiet = quietWord(quietBy);
  if (phase === 'firing') return quiet === '' ? { tone: 'bad', text: 'firing' } : { tone: 'warn', text: quiet };
  return phase === 'pending' ? { tone: 'warn', text: 'pending' } : { tone: 'none', text: phase };
}

/** An alert fires aloud while one of its instances does. */
export function alertState({ state, instances, evaluatedAtMs, problem }: AlertAnswer): StateWords {
  if (state === 'firing') {
    const firing = instances.filter(({ phase }) => phase === 'firing');
    const states = firing.map(instanceState);
    return states.find(({ tone }) => tone === 'bad') ?? states[0] ?? { tone: 'bad', text: 'firing' };
  }
  if (state === 'pending') return { tone: 'warn', text: 'pending' };
  if (problem !== '') return { tone: 'warn', text: 'failing' };
  return evaluatedAtMs === null ? { tone: 'none', text: 'not evaluated yet' } : { tone: 'good', text: 'inactive' };
}

/** `host=a.example.com, cause=OriginDnsError`; empty for the only instance. */
export function printLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** A condition as a sentence, without its end. */
export function describeCondition(condition: Condition): string {
  const print = (value: number) => formatQuantity(value, unitOf(condition.type)).replaceAll('\u00a0', ' ');
  switch (condition.type) {
    case 'threshold':
      return `value is ${bounds(condition, print)}`;
    case 'ratio':
      return `numerator ÷ denominator is ${bounds(condition, print)}, with a denominator of at least ${condition.leastDenominator}`;
    case 'absence':
      return condition.olderThanMs === undefined
        ? 'there is no row'
        : `value, a time, is older than ${formatLength(condition.olderThanMs)} at the end of the range`;
    case 'change': {
      const least = [
        `${formatQuantity(condition.relative, 'ratio').replaceAll('\u00a0', ' ')} of it`,
        ...(condition.absolute > 0 ? [print(condition.absolute)] : []),
      ];
      return `value is ${directions[condition.direction]} the median of the same time of the last ${condition.days} days by more than ${least.join(' and by more than ')}`;
    }
    case 'anomaly':
      return `value is ${directions[condition.direction]} the median of the same time of the last ${condition.periods} ${condition.season}s by more than ${condition.score} times the usual spread${condition.leastDeviation > 0 ? ` and by more than ${print(condition.leastDeviation)}` : ''}`;
  }
}

const directions = { up: 'above', down: 'below', both: 'above or below' } as const;

function bounds(
  { above, below }: { readonly above?: number; readonly below?: number },
  print: (value: number) => string,
): string {
  return [above === undefined ? '' : `above ${print(above)}`, below === undefined ? '' : `below ${print(below)}`]
    .filter(Boolean)
    .join(' or ');
}

import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { formatLength } from '../format/time-text.ts';
import { fillParameters } from '../sql/fill-parameters.ts';

export const stateTones = {
  starting: 'none',
  running: 'good',
  retrying: 'warn',
  standby: 'none',
  stopped: 'none',
} as const;

/** `tumbling, 60 seconds, over requests` */
export function describeWindow({ window, from }: Pick<WindowAnswer, 'window' | 'from'>): string {
  return `${describeShape(window)}, over ${from}`;
}

function describeShape(window: WindowAnswer['window']): string {
  if (window.type === 'session') {
    const key = window.key.length === 0 ? '' : ` by ${window.key.join(', ')}`;
    return `sessions${key} with gaps below ${formatLength(window.gapMs)}`;
  }
  const size = formatLength(window.sizeMs);
  return window.type === 'hopping' ? `hopping, ${size} every ${formatLength(window.everyMs)}` : `tumbling, ${size}`;
}

interface Bounds {
  readonly startMs: number;
  readonly endMs: number;
  readonly key: readonly string[];
}

/** The SELECT over the rows of one window. @param question with parameters for the bounds */
export function sqlOfWindow(question: string, { startMs, endMs, key }: Bounds): string {
  return fillParameters(question, { from: sqlTime(startMs), to: sqlTime(endMs), key: sqlTexts(key) });
}

/** The kept results, the newest windows first. */
export function resultsSql(table: string): string {
  return `SELECT *\nFROM ${table}\nORDER BY window_start DESC\nLIMIT 500`;
}

function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}

/** As the engine reads an Array(String). */
function sqlTexts(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`).join(',')}]`;
}

import { linearPattern } from '../text/linear-pattern.ts';
import { trimTrailing } from '../text/trim-trailing.ts';
import { sampleKeyed } from './keyed/sample-keyed.ts';
import type { Layout } from './layout.ts';
import { sampleTokens } from './line-patterns.ts';
import { sampleList } from './sample-list.ts';
import { samplePairs } from './sample-pairs.ts';
import { splitValues } from './split-values.ts';

/**
 * The values of one sample line in the order of the layout's columns, as the engine will find them: for detection and
 * for display. Stored rows never pass through here.
 * @returns no values for a line that does not split this way, or for Parquet
 */
export function splitSample({ format, framing, columns }: Layout, line: string): string[] {
  const text = trimTrailing(line, '\r');
  switch (framing.kind) {
    case 'delimited':
      return splitValues(text, framing.delimiter);
    case 'tokens':
      return sampleTokens(text);
    case 'pattern': {
      if (framing.unlike && linearPattern(framing.unlike).test(text)) return [];
      const groups = linearPattern(framing.pattern).groups(text) ?? [];
      return [...groups.slice(0, -1), ...sampleTokens(groups.at(-1) ?? '', { lists: true })];
    }
    case 'json': {
      const [object = text] = (framing.list && sampleList(text, framing.list)) || [];
      const pairs = samplePairs(object, framing.nested);
      return pairs ? columns.map((name) => pairs.get(name) ?? '') : [];
    }
    case 'keyed':
      return sampleKeyed(format, framing, text) ?? [];
    case 'parquet':
      return [];
  }
}

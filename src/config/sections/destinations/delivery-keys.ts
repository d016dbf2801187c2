import { z } from 'zod';
import { type ShippedTable, shippedTables } from '../../../destinations/destination.ts';
import type { MaskRules } from '../../../layouts/line-rules.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { refuse, text } from '../../fields.ts';
import { parseInstant } from '../../instant.ts';
import { maskSection } from '../line-rules-section.ts';

/** What every destination has, whatever its type. */
export interface DeliveryConfig {
  /** Where a destination starts of which the store knows nothing. */
  readonly from: 'now' | 'beginning' | Date;
  /** Pipelines whose lines it gets; absent: all lines. */
  readonly pipelines?: readonly string[];
  /** What is made unreadable before it leaves the store. */
  readonly mask: MaskRules;
}

const starts = ['now', 'beginning'] as const;

/** Keys for the section of a destination. */
export function deliveryKeys() {
  const expects = `${starts.join(', ')} or an ISO time`;
  return {
    from: z
      .union([z.string(), z.number()])
      .register(fieldNotes, { expects, example: 'beginning' })
      .transform((written, context): DeliveryConfig['from'] => {
        const start = starts.find((name) => name === written);
        if (start !== undefined) return start;
        const instant = parseInstant(String(written));
        if ('value' in instant) return instant.value;
        return refuse(context, `it is not ${expects}`, 'write now, beginning, or for example 2026-11-01T00:00:00Z');
      })
      .prefault(defaults.destinations.from)
      .describe(
        'Where a new destination starts: now, beginning (all that is stored), or with what was stored since an ISO time.',
      ),
    pipelines: z
      .array(text('the name of a pipeline', 'edge'))
      .min(1)
      .exactOptional()
      .register(fieldNotes, { expects: 'a list of names of pipelines', example: '[edge]' })
      .describe('Only lines of these pipelines; http is the HTTP intake. Without it all lines.'),
    mask: maskSection(defaults.destinations.mask)
      .prefault({})
      .describe('What is made unreadable before it leaves the store.'),
  };
}

/** Key `tables`. */
export function tablesKey(preset: readonly ShippedTable[]) {
  return z
    .array(z.enum(shippedTables))
    .min(1)
    .register(fieldNotes, { expects: `a list of ${shippedTables.join(', ')}`, example: '[requests, logs]' })
    .prefault([...preset])
    .describe('Whose rows are delivered: requests, logs, rejects.');
}

const compressions = ['none', 'gzip'] as const;
export type Compression = (typeof compressions)[number];

/** Key `compression`. */
export function compressionKey(preset: Compression) {
  return z
    .enum(compressions)
    .register(fieldNotes, { expects: `one of ${compressions.join(', ')}`, example: 'gzip' })
    .prefault(preset)
    .describe('Whether it is compressed: none or gzip.');
}

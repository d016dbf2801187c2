import { z } from 'zod';
import { alertsSection, refuseUnknownNames } from './sections/alerts-section.ts';
import { destinationsSection, refuseBytes, refuseUnknownPipelines } from './sections/destinations-section.ts';
import type { FormatChoice } from './sections/format-section.ts';
import { geoipSection } from './sections/geoip-section.ts';
import { lakeSection } from './sections/lake-section.ts';
import { maintenanceSection } from './sections/maintenance-section.ts';
import { notificationsSection } from './sections/notifications-section.ts';
import { pipelinesSection } from './sections/pipelines-section.ts';
import { querySection } from './sections/query-section.ts';
import { retentionSection } from './sections/retention-section.ts';
import { serverSection } from './sections/server-section.ts';
import { storeSection } from './sections/store-section.ts';
import { windowsSection } from './sections/windows-section.ts';

export interface SchemaOptions {
  /** Absolute; relative paths in the file start here. */
  readonly baseDirectory: string;
  /** The catalogue of formats. */
  readonly formats: readonly FormatChoice[];
}

/** The schema of `tailrace.yaml`. Its output is {@link Config}. Kept, because making one takes longer than to read a file. */
export function createConfigSchema(options: SchemaOptions) {
  const { baseDirectory, formats } = options;
  if (kept?.baseDirectory !== baseDirectory || kept.formats !== formats) {
    kept = { baseDirectory, formats, schema: makeSchema(options) };
  }
  return kept.schema;
}

let kept: (SchemaOptions & { readonly schema: ReturnType<typeof makeSchema> }) | undefined;

/** One entry per section, each in its own file. */
function makeSchema({ baseDirectory, formats }: SchemaOptions) {
  return z
    .strictObject({
      pipelines: pipelinesSection(baseDirectory, formats),
      destinations: destinationsSection(baseDirectory),
      lake: lakeSection(baseDirectory),
      windows: windowsSection(baseDirectory),
      store: storeSection(baseDirectory),
      server: serverSection(),
      query: querySection(),
      retention: retentionSection(),
      geoip: geoipSection(baseDirectory),
      alerts: alertsSection(),
      notifications: notificationsSection(),
      maintenance: maintenanceSection(),
    })
    .superRefine(refuseUnknownPipelines)
    .superRefine(refuseBytes)
    .superRefine(refuseUnknownNames)
    .describe('Configuration of Tailrace (tailrace.yaml).');
}

/** A configuration with defaults filled in, units resolved (bytes, seconds, milliseconds) and paths absolute. */
export type Config = z.output<ReturnType<typeof createConfigSchema>>;

import { classicQueries } from '../../src/windows/classic-queries.ts';
import { realtimeFields } from '../traffic/realtime-fields.ts';

/** How late its rows may be, as the queries of the demo have it; milliseconds. */
export const disorderMs = classicQueries[0]?.disorderMs ?? 0;

export interface BenchConfiguration {
  readonly store: string;
  /** Files that are ingested; absent for none. */
  readonly logs?: { readonly path: string; readonly format: 'cloudfront-standard' | 'cloudfront-realtime' };
  /** Whether the three queries of the demo run. */
  readonly hasWindows: boolean;
}

/** The configuration as JSON, which is YAML. */
export function writeConfiguration({ store, logs, hasWindows }: BenchConfiguration): string {
  const format = logs && {
    type: logs.format,
    ...(logs.format === 'cloudfront-realtime' ? { fields: realtimeFields } : {}),
  };
  const windows = classicQueries.map(
    ({ name, window, sql }) =>
      [
        name,
        { window: { type: window.type, size: `${'sizeMs' in window ? window.sizeMs / 1000 : 0}s` }, sql },
      ] as const,
  );
  return JSON.stringify({
    store: { path: store },
    server: { port: 0 },
    pipelines: logs ? { edge: { source: { type: 'files', paths: [logs.path] }, format } } : {},
    windows: hasWindows ? Object.fromEntries(windows) : {},
  });
}

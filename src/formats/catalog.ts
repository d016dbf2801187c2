import { cloudfrontRealtime } from './cloudfront-realtime/format.ts';
import { cloudfrontStandard } from './cloudfront-standard/format.ts';
import type { Format } from './format.ts';

/** The one list of formats; detection tries them in this order. */
export const formats: readonly Format[] = [cloudfrontStandard, cloudfrontRealtime];

export function findFormat(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}

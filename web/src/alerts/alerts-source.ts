import type { AlertHistoryAnswer, AlertListAnswer } from '../../../src/server/alert-answer.ts';
import { readJson } from '../data/http-source.ts';

/** How often the pages of alerts ask again. */
export const refreshSeconds = 5;

export function readAlerts(signal: AbortSignal): Promise<AlertListAnswer> {
  return readJson<AlertListAnswer>('api/alerts', { signal });
}

export function readAlert(name: string, signal: AbortSignal): Promise<AlertHistoryAnswer> {
  return readJson<AlertHistoryAnswer>(`api/alerts/${encodeURIComponent(name)}`, { signal });
}

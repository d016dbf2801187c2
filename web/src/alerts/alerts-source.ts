import type { AlertHistoryAnswer, AlertListAnswer } from '../../../src/server/alert-answer.ts';
import type { AlertBacktestAnswer } from '../../../src/server/backtest-answer.ts';
import { postRequest, readJson } from '../data/http-source.ts';
import type { Span } from './alert-links.ts';

/** How often the pages of alerts ask again. */
export const refreshSeconds = 5;

export function readAlerts(signal: AbortSignal): Promise<AlertListAnswer> {
  return readJson<AlertListAnswer>('api/alerts', { signal });
}

export function readAlert(name: string, signal: AbortSignal): Promise<AlertHistoryAnswer> {
  return readJson<AlertHistoryAnswer>(`api/alerts/${encodeURIComponent(name)}`, { signal });
}

export function testAlert(name: string, { fromMs, toMs }: Span): Promise<AlertBacktestAnswer> {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(0, 19));
  return readJson<AlertBacktestAnswer>(`api/alerts/${encodeURIComponent(name)}/backtest`, postRequest({ from, to }));
}

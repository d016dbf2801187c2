import type { Message } from '../message.ts';

/** Of an alert on a host whose name tries to mention a channel. */
export const firing: Message = {
  key: 'errors-0123456789abcdef-1795820550000-firing',
  fingerprint: '0123456789abcdef',
  alert: 'errors',
  status: 'firing',
  severity: 'critical',
  labels: { host: '<!channel> & co' },
  description: 'Share of failed requests',
  summary: '[critical] errors fires for host=<!channel> & co: value 0.12, threshold 0.05',
  value: 0.12,
  threshold: 0.05,
  baseline: null,
  startsAt: '2026-11-27T22:00:00.000Z',
  endsAt: null,
  from: '2026-11-27T21:50:00.000Z',
  to: '2026-11-27T21:55:00.000Z',
  changes: [{ dimension: 'path', value: '/checkout', requests: 120, before: 3, share: 0.8 }],
  link: 'https://logs.example.com/?from=2026-11-27T21:50:00&to=2026-11-27T21:55:00&q=status:5xx',
};

export const resolved: Message = {
  ...firing,
  key: 'errors-0123456789abcdef-1795824150000-resolved',
  status: 'resolved',
  endsAt: '2026-11-27T23:00:00.000Z',
};

import { expect, test } from 'vitest';
import { starterPack } from '../../alerts/starter-pack.ts';
import { ConfigError } from '../config-error.ts';
import { parseConfig } from '../parse-config.ts';

const parse = (text: string) =>
  parseConfig(text, { file: 'tailrace.yaml', baseDirectory: '/etc', environment: {}, formats: [{ name: 'lambda' }] });
function problemsOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

const oncall = 'notifications: { oncall: { type: webhook, url: "https://x.example/" } }';

test('an alert of the starter pack is changed by the keys that are written, or switched off', () => {
  const { alerts } = parse(`
alerts:
  server-errors: { notify: [oncall], for: 10m, condition: { type: ratio, above: 0.1 } }
  drift: { enabled: false }
  mine: { sql: SELECT 1 AS value, condition: { type: absence, olderThan: 30m }, labels: [host], every: 30s }
${oncall}`);
  const pack = new Map(starterPack.map((alert) => [alert.name, alert]));
  const [errors] = alerts;
  const condition = { type: 'ratio', above: 0.1, leastDenominator: 1 };
  expect(errors).toEqual({ ...pack.get('server-errors'), notify: ['oncall'], forMs: 600_000, condition });
  expect(alerts.map(({ name }) => name)).toEqual([...pack.keys()].filter((name) => name !== 'drift').concat('mine'));
  const mine = { everyMs: 30_000, overMs: 300_000, delayMs: 300_000, severity: 'warning', labels: ['host'] };
  expect(alerts.at(-1)).toMatchObject({ ...mine, condition: { type: 'absence', olderThanMs: 1_800_000, by: 'event' } });
});

test.each([
  ['alerts: { server-erors: { notify: [] } }', /it has no sql; add sql, or name it server-errors to change that alert/],
  ['alerts: { a: { sql: x } }', /it has no condition; add condition/],
  [`alerts: { drift: { notify: [oncal] } }\n${oncall}`, /there is no such receiver in notifications; write oncall/],
  ['alerts: { drift: { dependsOn: [freshnes] } }', /there is no such alert; write freshness/],
  ['alerts: { drift: { dependsOn: [rejects] }, rejects: { dependsOn: [drift] } }', /depends on itself in the end/],
  ['alerts: { drift: { condition: { type: threshold } } }', /it has neither above nor below; add one of them/],
  ['alerts: { drift: { filter: "status:many" } }', /alerts\.drift\.filter .*status:many.*see docs\/filters\.md/],
  [
    'maintenance: { a: { days: [sat], from: "25:00", to: "02:00" } }',
    /it is no time of day; write for example "22:00"/,
  ],
  ['maintenance: { a: { from: 2026-12-02T00:00Z, to: 2026-12-01T00:00Z } }', /it ends before it begins/],
  [
    'maintenance: { a: { days: [sat], from: "22:00", to: "02:00", match: [host] } }',
    /it is no matcher; write for example/,
  ],
])('%s has a remedy', (text, problem) => {
  expect(problemsOf(text)).toMatch(problem);
});

test('what lets one in is not shown', () => {
  const secret = 'https://hooks.example/T0/B0/secret-of-mine';
  const told = problemsOf(`notifications: { chat: { type: slack, url: "${secret}", timeout: 1 } }`);
  expect(told).toMatch(/timeout/);
  expect(told).not.toContain('secret-of-mine');
  expect(problemsOf('notifications: { p: { type: pagerduty, routingKey: abc123 } }')).not.toContain('abc123');
});

test('maintenance is weekly or once', () => {
  const { maintenance } = parse(`
maintenance:
  nights: { days: [sat, sun], from: "22:30", to: "02:00", match: ["host=*.example.com"] }
  move: { from: 2026-12-01T22:00Z, to: 2026-12-02T06:00Z }`);
  expect(maintenance).toEqual([
    {
      name: 'nights',
      match: [{ name: 'host', isNot: false, pattern: '*.example.com' }],
      when: { days: ['sat', 'sun'], fromMinute: 1350, toMinute: 120 },
    },
    {
      name: 'move',
      match: [],
      when: { fromMs: Date.parse('2026-12-01T22:00Z'), toMs: Date.parse('2026-12-02T06:00Z') },
    },
  ]);
});

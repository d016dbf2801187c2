import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { LakeStatus } from '../lake/follow-lake.ts';
import { addLakeMetrics } from './lake-metrics.ts';

const status: LakeStatus = {
  ...{ name: '/srv/lake', state: 'running', completeUntilMs: 0 },
  ...{ hours: 3, rows: 40, bytes: 5000, failures: 2 },
};

it('prints the lake, without a lag before its first look, and nothing without a lake', async () => {
  const registry = new Registry();
  let lake: LakeStatus | undefined = status;
  const read = addLakeMetrics(registry, () => lake);
  const samples = async () => {
    read();
    return (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line));
  };
  const labels = '{lake="/srv/lake"}';
  const fixed = [
    `tailrace_lake_hours_total${labels} 3`,
    `tailrace_lake_rows_total${labels} 40`,
    `tailrace_lake_bytes_total${labels} 5000`,
    `tailrace_lake_failures_total${labels} 2`,
  ];
  const states = (up: number, standby: number) => [
    `tailrace_lake_up${labels} ${up}`,
    `tailrace_lake_standby${labels} ${standby}`,
  ];
  expect(await samples()).toEqual([...states(1, 0), ...fixed]);
  lake = { ...status, state: 'standby', completeUntilMs: Date.now() - 3_600_000 };
  const lag = `tailrace_lake_lag_seconds${labels} `;
  const found = await samples();
  expect(found.filter((line) => !line.startsWith(lag))).toEqual([...states(0, 1), ...fixed]);
  const seconds = Number(found.find((line) => line.startsWith(lag))?.slice(lag.length));
  expect(Math.floor(seconds / 600)).toBe(6);
  lake = undefined;
  expect(await samples()).toEqual([]);
});

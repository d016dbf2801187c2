import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { patienceMs } from '../patience.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { type StartedProgram, startProgram } from './program.ts';

/** A running `tailrace up` that delivers what it takes. */
export interface ShippingProgram {
  readonly program: StartedProgram;
  readonly address: string;
  /** Ends it as a user does. */
  stop(): Promise<void>;
}

/** @param folder with a tailrace.yaml, whose store is `./store` */
export async function startShipping(folder: string): Promise<ShippingProgram> {
  const store = join(folder, 'store');
  if (!existsSync(store)) copyPreparedStore(store);
  const program = startProgram(['up', '--config', join(folder, 'tailrace.yaml')], { cwd: folder });
  const [, address = ''] = await program.says(/listens on (\S+)/);
  return {
    program,
    address,
    stop: async () => {
      program.kill('SIGTERM');
      expect(await program.ended).toMatchObject({ code: 0 });
    },
  };
}

/** Sends lines of logs; resolves when they are stored. */
export async function sendLines({ address }: ShippingProgram, name: string, lines: number): Promise<void> {
  const body = Array.from({ length: lines }, (_, line) => `{"level":"info","message":"${name} ${line}"}\n`).join('');
  const answer = await fetch(`${address}/ingest/ndjson`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': name },
  });
  expect(answer.status).toBe(200);
}

/** What was sent before is in the store, and shipped as soon as the destination has looked once more. */
export async function untilNothingWaits({ address }: ShippingProgram): Promise<void> {
  await vi.waitFor(
    async () => {
      const sql = `SELECT count() AS open FROM (SELECT DISTINCT batch FROM ledger)
                   WHERE batch NOT IN (SELECT batch FROM shipments WHERE state = 'shipped')`;
      const answer = await fetch(`${address}/api/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sql }),
      });
      expect(await answer.json()).toMatchObject({ data: [{ open: expect.toSatisfy((open) => Number(open) === 0) }] });
    },
    { timeout: patienceMs, interval: 200 },
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../src/engine/engine.ts';
import { openEngine } from '../src/engine/open-engine.ts';

/** Size of the parts of all tables that hold data; parts replaced by merges stay on disk for some minutes. */
export async function activeBytes(engine: Engine): Promise<number> {
  const [parts] = await engine.rows<{ bytes: number }>({
    sql: "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = 'tailrace'",
  });
  return parts?.bytes ?? 0;
}

/** Waits until no merge has run for three seconds, at most ten minutes. */
export async function mergesEnded(engine: Engine): Promise<void> {
  const deadline = performance.now() + 600_000;
  for (let quiet = 0; quiet < 3 && performance.now() < deadline; ) {
    const [found] = await engine.rows<{ running: number }>({ sql: 'SELECT count() AS running FROM system.merges' });
    quiet = found?.running === 0 ? quiet + 1 : 0;
    await sleep(1000);
  }
}

/** Size of a store that no process has open, once the merges that its ingest left to do are done. */
export async function settledBytes(store: string): Promise<number> {
  const engine = await openEngine({ directory: store });
  try {
    await mergesEnded(engine);
    return await activeBytes(engine);
  } finally {
    await engine.close();
  }
}

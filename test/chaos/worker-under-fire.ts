import { askServer } from '../process/ask-server.ts';
import { type StartedProgram, startProgram } from '../process/program.ts';
import { pause } from './feed.ts';

/** A `tailrace up` that is killed and started again. */
export class WorkerUnderFire {
  readonly url: string;
  readonly #configuration: string;
  #program: StartedProgram | undefined;
  /** What it wrote to standard error when it ended by itself, which it never should. */
  #faults: string[] = [];

  /** @param configuration path of a file whose `server.port` is this port */
  constructor(configuration: string, port: number) {
    this.#configuration = configuration;
    this.url = `http://127.0.0.1:${port}`;
  }

  get faults(): readonly string[] {
    return this.#faults;
  }

  async start(): Promise<void> {
    const program = startProgram(['up', '--config', this.#configuration]);
    this.#program = program;
    await program.says(/listens on/);
    void program.ended.then(({ code, stderr }) => {
      if (code !== null && code !== 0) this.#faults.push(stderr);
    });
  }

  async kill(): Promise<void> {
    this.#program?.kill('SIGKILL');
    await this.#program?.ended;
  }

  async stop(): Promise<void> {
    this.#program?.kill('SIGTERM');
    await this.#program?.ended;
  }

  /** Asks the running worker. */
  ask<T>(sql: string): Promise<T[]> {
    return askServer<T>(this.url, sql);
  }

  /** The state of its pipelines, in its own words. */
  async pipelines(): Promise<unknown[]> {
    const answer = await fetch(`${this.url}/api/pipelines`);
    return ((await answer.json()) as { pipelines: unknown[] }).pipelines;
  }

  /**
   * Waits until so many events are stored and no batch is under way, as long as something changes: kills leave a
   * backlog, and rows of a killed worker are seen until its lease has passed to another one, which takes them back.
   */
  async untilStored(wanted: number, patienceMs: number): Promise<void> {
    const sql = `
      SELECT toUInt32((SELECT count() FROM (${campaignIds}))) AS ids, toUInt32((SELECT count() FROM (${unfinishedPlans}))) AS open`;
    let before = 0;
    for (let until = Date.now() + patienceMs; Date.now() < until; await pause(500)) {
      const [row] = await this.ask<{ ids: number; open: number }>(sql).catch(() => []);
      if (!row) continue;
      if (row.ids >= wanted && row.open === 0) return;
      if (row.ids !== before) until = Date.now() + patienceMs;
      before = row.ids;
    }
  }
}

/** Every event of a campaign that the store has, once for each time it has it. */
export const campaignIds = `
  SELECT request_id AS id FROM requests WHERE request_id LIKE '%-event-id-of-the-campaign=='
  UNION ALL
  SELECT request_id FROM logs WHERE request_id LIKE '%-event-id-of-the-campaign=='`;

/** Plans of batches that are not closed. */
export const unfinishedPlans = `
  SELECT toString(batch) AS batch, origin, version, toString(planned_at) AS planned, worker, is_leased
  FROM plans WHERE batch NOT IN (SELECT batch FROM ledger)`;

/** A long campaign stores millions of events, and asks for all of them. */
export const generousLimits = 'query: { maxRows: 100000000, maxSeconds: 300, maxMemory: 8GB }';

import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import type { MaskRules } from '../layouts/line-rules.ts';
import { ClaimedElsewhereError } from '../ledger/claim-input.ts';
import { type ClaimedWork, workWhileClaimed } from '../ledger/work-while-claimed.ts';
import type { Worker } from '../ledger/worker.ts';
import { hourMs } from '../rollups/range.ts';
import { exportHours } from './export-hours.ts';
import type { LakeHour, LakeTable } from './lake-hours.ts';
import type { LakePlace } from './lake-place.ts';
import { createLake, type LakeLocation } from './open-lake.ts';

export interface LakeSchedule {
  readonly to: LakeLocation;
  readonly tables: readonly LakeTable[];
  readonly mask: MaskRules;
  /** After the end of an hour, before it is written for the first time. */
  readonly delayMs: number;
  /** Between two looks. */
  readonly everyMs: number;
  /** After an hour was written, before it is written again. */
  readonly rewriteAfterMs: number;
}

export interface LakeContext {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  /** Of the lake alone. */
  readonly spoolDirectory: string;
  /** Receives what the operator should know. */
  readonly onEvent: (text: string) => void;
}

/** Numbers since the start of this process. */
export interface LakeStatus {
  /** `s3://bucket/prefix`, or the absolute path of a folder. */
  readonly name: string;
  /** `standby`: another worker writes it. */
  readonly state: 'starting' | 'running' | 'retrying' | 'standby' | 'stopped';
  readonly problem?: string;
  /** Hours that were written, also again. */
  readonly hours: number;
  readonly rows: number;
  readonly bytes: number;
  readonly failures: number;
  /** Until when all hours were in the lake at the last look, epoch ms; 0 before the first one. */
  readonly completeUntilMs: number;
}

const firstPauseMs = 5_000;

/** Keeps a lake current until it is stopped. Of several workers one does. */
export class FollowedLake {
  readonly #context: LakeContext;
  readonly #schedule: LakeSchedule;
  readonly #place: LakePlace;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  #status: LakeStatus;

  constructor(context: LakeContext, schedule: LakeSchedule) {
    this.#context = context;
    this.#schedule = schedule;
    this.#place = createLake(schedule.to, context.spoolDirectory);
    const nothingYet = { hours: 0, rows: 0, bytes: 0, failures: 0, completeUntilMs: 0 };
    this.#status = { name: this.#place.name, state: 'starting', ...nothingYet };
    this.#ended = this.#run();
  }

  get status(): LakeStatus {
    return this.#status;
  }

  async stop(): Promise<void> {
    this.#ending.abort(new Error('tailrace is stopping'));
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { everyMs } = this.#schedule;
    const place = this.#place;
    const work: ClaimedWork = {
      ...this.#context,
      claim: `lake ${place.name}`,
      by: 'lake',
      pauses: { firstMs: firstPauseMs, longestMs: everyMs },
      work: async ({ signal, onProgress }) => {
        try {
          await place.open(signal);
          while (!signal.aborted) {
            await this.#look(signal);
            onProgress();
            await setTimeout(everyMs, undefined, { signal }).catch(() => {});
          }
        } finally {
          await place.close();
        }
      },
      onFailure: (cause) => this.#fail(cause),
    };
    await workWhileClaimed(work, this.#ending.signal);
    this.#status = { ...this.#status, state: 'stopped' };
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { tables, mask, delayMs, rewriteAfterMs } = this.#schedule;
    const nowMs = Date.now();
    const untilMs = Math.floor((nowMs - delayMs) / hourMs) * hourMs;
    const isDue = ({ written }: LakeHour) => !written?.isDone || nowMs - written.atMs >= rewriteAfterMs;
    const onHour = ({ rows, bytes }: { readonly rows: number; readonly bytes: number }) => {
      const { hours, ...sums } = this.#status;
      this.#status = { ...sums, hours: hours + 1, rows: sums.rows + rows, bytes: sums.bytes + bytes };
    };
    const options = { tables, mask, range: { fromMs: 0, toMs: untilMs }, isDue, onHour };
    const { problems } = await exportHours(this.#context.engine, this.#place, options, signal);
    const [problem] = problems;
    for (const text of problems) this.#tell(text);
    const { problem: _, ...status } = this.#status;
    this.#status = {
      ...status,
      ...(problem === undefined ? { state: 'running', completeUntilMs: untilMs } : { state: 'retrying', problem }),
    };
  }

  #fail(cause: Error): void {
    const { message } = cause;
    const isStandby = cause instanceof ClaimedElsewhereError;
    this.#tell(message);
    this.#status = {
      ...this.#status,
      state: isStandby ? 'standby' : 'retrying',
      problem: message,
      failures: this.#status.failures + (isStandby ? 0 : 1),
    };
  }

  /** Each text once while it lasts. */
  #tell(text: string): void {
    if (this.#status.problem !== text) this.#context.onEvent(text);
  }
}

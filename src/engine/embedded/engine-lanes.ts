import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Limits } from '../engine.ts';
import { maxQuestionQuerySize, questionSettings } from '../question/question-settings.ts';
import { formatAssignments, type Settings } from '../statement-settings.ts';
import { questionRole } from './engine-configuration.ts';
import type { LaneName, LaneSettings } from './engine-messages.ts';
import { inputSettings } from './linked-input.ts';

/** Number of concurrent jobs per lane. */
export interface LaneCounts {
  readonly write: number;
  readonly read: number;
  readonly judge: number;
  readonly ask: number;
}

const ownSettings: Settings = {
  // Long parameter lists make long statements, because `SET param_…` carries them as text.
  max_query_size: 256 * 1024 * 1024,
  // A tenth of the bytes of Parquet files, which are sorted: their least and greatest values serve readers as well. Servers before
  // 25 do not know it, and write none.
  output_format_parquet_write_bloom_filter: 0,
};

/**
 * When total memory runs out, the engine stops the statement that exceeds its granted memory most:
 * questions are granted next to nothing, so that they are stopped before inserts.
 */
const granted = (bytes: number): Settings => ({
  memory_overcommit_ratio_denominator: bytes,
  memory_overcommit_ratio_denominator_for_user: bytes,
});
const gibibyte = 1024 ** 3;

/** Compiling pays when an expression runs over many rows; the first one takes 30 ms of CPU time. */
const uncompiled: Settings = { compile_expressions: 0, compile_aggregate_expressions: 0, compile_sort_description: 0 };

interface LaneOptions {
  readonly limits: Limits;
  readonly insertBytes: number;
  /** See `EngineOptions`; questions are not concerned, whose rows may be many. */
  readonly isBrief: boolean;
}

/** Settings of a lane's sessions, restored after each job. */
export function laneSettings(
  { limits, insertBytes, isBrief }: LaneOptions,
  status = readStatus(),
): Readonly<Record<LaneName, Settings>> {
  const ask = {
    ...questionSettings(limits),
    ...granted(1024 * 1024),
    os_threads_nice_value_query: 15,
    // Where they do not give way to inserts, they leave a processor to them.
    max_threads: hasRightToNice(status) ? availableParallelism() : Math.max(1, availableParallelism() - 1),
  };
  const own = { ...ownSettings, ...(isBrief ? uncompiled : {}) };
  return {
    write: { ...own, ...inputSettings, ...granted(64 * gibibyte), max_memory_usage: insertBytes },
    read: { ...own, ...granted(64 * gibibyte) },
    // Parses a text without running it. Its answers are checked here.
    judge: {
      max_query_size: maxQuestionQuerySize,
      max_execution_time: 10,
      max_memory_usage: 256 * 1024 * 1024,
      max_result_bytes: 8 * 1024 * 1024,
    },
    ask,
  };
}

/** How sessions of each lane are opened. Question sessions keep the lesser role and fixed settings. */
export function lanesToOpen(settings: Readonly<Record<LaneName, Settings>>): Readonly<Record<LaneName, LaneSettings>> {
  const lane = (name: LaneName, isSingleUse: boolean): LaneSettings => ({
    opening: [
      'USE tailrace',
      `SET ${formatAssignments({ ...settings[name], log_comment: '{tag}' }).join(', ')}`,
      ...(isSingleUse ? [`SET ROLE ${questionRole}`] : []),
    ],
    sealing: isSingleUse ? ['SET readonly = 1'] : [],
    isSingleUse,
  });
  return {
    ...{ write: lane('write', false), read: lane('read', false) },
    ...{ judge: lane('judge', true), ask: lane('ask', true) },
  };
}

/** Of a question that does not give way to inserts. */
export const urgentSettings: Settings = { os_threads_nice_value_query: 0 };

/**
 * What tells a question to a remote lake under which name its files are. A tag of cached answers means nothing here
 * otherwise, since none are cached.
 */
export function lakeSettings(id: string): Settings {
  return { query_cache_tag: id };
}

/** CAP_SYS_NICE, without which the engine does not lower the priority of a question. @param status see proc_pid_status(5) */
function hasRightToNice(status: string): boolean {
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${held}`) >> 23n) & 1n) === 1n;
}

/** Empty where the system has no such file. */
function readStatus(): string {
  const path = '/proc/self/status';
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

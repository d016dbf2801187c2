import { availableParallelism } from 'node:os';
import type { Limits } from '../engine.ts';
import { maxQuestionQuerySize, questionSettings } from '../question/question-settings.ts';
import { formatAssignments, type Settings } from '../statement-settings.ts';
import { questionRole } from './engine-configuration.ts';
import type { LaneName, LaneSettings } from './engine-messages.ts';
import { inputSettings } from './linked-input.ts';

/** How many jobs of each lane run at once. */
export interface LaneCounts {
  readonly write: number;
  readonly read: number;
  readonly judge: number;
  readonly ask: number;
}

/** Long lists of parameters make long statements, because `SET param_…` carries them as text. */
const ownSettings: Settings = { max_query_size: 256 * 1024 * 1024 };

/**
 * When memory runs out for all together, the engine stops the statement that has most of it above what it is granted:
 * questions are granted next to nothing, so that they go before inserts.
 */
const granted = (bytes: number): Settings => ({
  memory_overcommit_ratio_denominator: bytes,
  memory_overcommit_ratio_denominator_for_user: bytes,
});
const gibibyte = 1024 ** 3;

/** Settings of a lane's sessions, to which they return after a job. */
export function laneSettings(limits: Limits, insertBytes: number): Readonly<Record<LaneName, Settings>> {
  return {
    write: { ...ownSettings, ...inputSettings, ...granted(64 * gibibyte), max_memory_usage: insertBytes },
    read: { ...ownSettings, ...granted(64 * gibibyte) },
    // Looks at a text and runs nothing of it. Its answers are looked at here.
    judge: {
      max_query_size: maxQuestionQuerySize,
      max_execution_time: 10,
      max_memory_usage: 256 * 1024 * 1024,
      max_result_bytes: 8 * 1024 * 1024,
    },
    // People's questions leave a processor to inserts, and where the process may choose (CAP_SYS_NICE), the other one too.
    ask: {
      ...questionSettings(limits),
      ...granted(1024 * 1024),
      os_threads_nice_value_query: 15,
      max_threads: Math.max(1, availableParallelism() - 1),
    },
  };
}

/** How sessions of each lane are opened. Sessions for people keep the lesser role, and nothing can be set in them any more. */
export function lanesToOpen(settings: Readonly<Record<LaneName, Settings>>): Readonly<Record<LaneName, LaneSettings>> {
  const lane = (name: LaneName, isSingleUse: boolean): LaneSettings => ({
    opening: [
      'USE tailrace',
      `SET ${formatAssignments({ ...settings[name], log_comment: '{tag}' }).join(', ')}`,
      ...(isSingleUse ? [`SET ROLE ${questionRole}`, 'SET readonly = 1'] : []),
    ],
    isSingleUse,
  });
  return { write: lane('write', false), read: lane('read', false), judge: lane('judge', true), ask: lane('ask', true) };
}

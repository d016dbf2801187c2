import type { Limits } from '../engine.ts';

/** Engine settings that hold a question within its limits, on either engine. */
export function limitSettings(limits: Limits): Record<string, string | number> {
  return {
    max_execution_time: limits.maxSeconds,
    // Without this the engine first looks how fast the query is, and lets it run for ten seconds.
    timeout_before_checking_execution_speed: 0,
    timeout_overflow_mode: 'throw',
    max_memory_usage: limits.maxMemoryBytes,
    max_result_rows: limits.maxResultRows,
    // An answer is held in memory until it is handed over, so rows alone do not bound it.
    max_result_bytes: limits.maxMemoryBytes,
    result_overflow_mode: 'throw',
    max_query_size: 4 * 1024 * 1024,
  };
}

import type { Limits } from '../engine.ts';

/**
 * Most readers of JSON round integers of more than 53 bits and some decimals, and JSON has no nan and inf: they are
 * written as texts, as ClickHouse's other formats print them.
 */
const exactJson = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
};

/** Engine settings of a question, on either engine: they hold it within its limits, and make its answer exact. */
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
    ...exactJson,
  };
}

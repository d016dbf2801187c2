import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineOptions } from '../engine.ts';

/** The role of question sessions: it may read the store's tables and nothing else, no files, no network. */
export const questionRole = 'tailrace_question';

const ownerRole = 'tailrace_owner';
const markCacheBytes = 64 * 1024 * 1024;
/**
 * Of skip indexes, of which a search of all rows reads a part for each: 2 bytes a row. Unpacked it takes half of the time of one by request id.
 * Kept are those of the last searches, of some hundred million rows.
 */
const mostIndexCacheBytes = 256 * 1024 * 1024;
const indexCacheShare = 1 / 16;
/**
 * Tables of at least this many columns are written with growing buffers. Fixed ones take 2 MiB per column or part:
 * 500 MB per thread that inserts into `requests`.
 */
const growingBufferColumns = 8;
/**
 * With it, parts are merged when a partition has 47 of them: from 10 to 50 parts, the engine lowers what it demands of a merge from this
 * to 2, where the demand is how many times the largest part all of them are.
 */
const lateMergeBase = 500;

/** A part of an INSERT is one file, not one or more for each column: creating 250 files costs a tenth of the INSERT. Merged parts have them. */
const leastLevelOfWideParts = 1;

export interface EngineConfiguration extends Pick<EngineOptions, 'task'> {
  readonly maxMemoryBytes: number;
}

/**
 * Compiled patterns take three to four times as long to load as others, and a tenth of the time to look a user agent up: worth
 * it from some five hundred new ones on.
 */
const uncompiledPatterns = '<regexp_dict_allow_hyperscan>0</regexp_dict_allow_hyperscan>';

/**
 * Writes the engine's configuration files. Rights come from roles, because the embedded engine has a single user: its
 * sessions start with both roles, and a question session keeps the lesser one. A read-only session alone could still
 * read every file of the machine as a table of the database `default`.
 *
 * @param directory where to write; the configuration must exist while the engine runs
 * @param options.maxMemoryBytes limit for all statements together
 * @param options.task see {@link EngineOptions}
 * @returns paths of the main file, for `--config-file`, and of the others
 */
export function writeEngineConfiguration(
  directory: string,
  options: EngineConfiguration,
): readonly [string, ...string[]] {
  const users = join(directory, 'users.xml');
  const main = join(directory, 'config.xml');
  writeFileSync(users, usersXml(options.task === 'few lines' ? uncompiledPatterns : ''));
  writeFileSync(main, configXml(users, options));
  return [main, users];
}

function usersXml(profile: string): string {
  return `<clickhouse>
  <profiles><default>${profile}</default></profiles>
  <quotas><default/></quotas>
  <roles>
    <${ownerRole}><grants><query>GRANT ALL ON *.*</query></grants></${ownerRole}>
    <${questionRole}><grants>
      <query>GRANT SELECT ON tailrace.*</query>
      <query>GRANT SHOW ON tailrace.*</query>
      <query>GRANT dictGet ON tailrace.*</query>
      <query>GRANT SELECT ON lake.requests</query>
      <query>GRANT SELECT ON lake.logs</query>
    </grants></${questionRole}>
  </roles>
  <users><default>
    <password></password>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants><query>GRANT ${ownerRole}</query><query>GRANT ${questionRole}</query></grants>
  </default></users>
</clickhouse>
`;
}

function configXml(users: string, { maxMemoryBytes, task }: EngineConfiguration): string {
  const indexCacheBytes = Math.min(mostIndexCacheBytes, Math.floor(maxMemoryBytes * indexCacheShare));
  const merges = task ? `<merge_selector_base>${lateMergeBase}</merge_selector_base>` : '';
  return `<clickhouse>
  <user_directories><users_xml><path>${escapeXml(users)}</path></users_xml></user_directories>
  <max_server_memory_usage>${maxMemoryBytes}</max_server_memory_usage>
  <merge_tree>
    <min_columns_to_activate_adaptive_write_buffer>${growingBufferColumns}</min_columns_to_activate_adaptive_write_buffer>
    <min_level_for_wide_part>${leastLevelOfWideParts}</min_level_for_wide_part>
    <cleanup_delay_period>3</cleanup_delay_period>
    <max_cleanup_delay_period>5</max_cleanup_delay_period>
    <cleanup_delay_period_random_add>0</cleanup_delay_period_random_add>
    ${merges}
  </merge_tree>
  <compression><case><method>zstd</method><level>1</level></case></compression>
  <mark_cache_size>${markCacheBytes}</mark_cache_size>
  <index_uncompressed_cache_size>${indexCacheBytes}</index_uncompressed_cache_size>
</clickhouse>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

export type Level = (typeof levels)[number];

/**
 * Spellings of levels, in upper case and without an offset (`DEBUG5`, `ERROR+2`). Single letters are klog's, numbers
 * pino's and bunyan's 10 to 60, and syslog's severities 0 to 7.
 */
export const levelSpellings: Readonly<Record<Level, readonly string[]>> = {
  TRACE: ['TRACE', 'VERBOSE', 'FINER', 'FINEST', 'SILLY', 'TRC', 'TRCE', 'VRB', 'T', 'V', '10'],
  DEBUG: ['DEBUG', 'DBG', 'DBUG', 'FINE', 'D', '20', '7'],
  INFO: [
    'INFO',
    'INFORMATION',
    'INFORMATIONAL',
    'NOTICE',
    'NOTE',
    'SUCCESS',
    'CONFIG',
    'LOG',
    'HTTP',
    'INF',
    'I',
    '30',
    '6',
    '5',
  ],
  WARN: ['WARN', 'WARNING', 'WRN', 'DEPRECATION', 'W', '40', '4'],
  ERROR: ['ERROR', 'ERR', 'SEVERE', 'FAIL', 'E', '50', '3'],
  FATAL: [
    'FATAL',
    'CRITICAL',
    'CRIT',
    'ALERT',
    'EMERG',
    'EMERGENCY',
    'PANIC',
    'DPANIC',
    'FTL',
    'F',
    '60',
    '2',
    '1',
    '0',
  ],
};

const syslogSeverities: readonly Level[] = ['FATAL', 'FATAL', 'FATAL', 'ERROR', 'WARN', 'INFO', 'INFO', 'DEBUG'];

/** The keys whose numbers are on a scale of their own, with the level of each number, from 0 on. */
export const levelScales: readonly { readonly key: string; readonly levelOf: readonly Level[] }[] = [
  // OpenTelemetry: four numbers a level, from 1 on
  { key: 'severityNumber', levelOf: ['INFO', ...levels.flatMap((level) => Array<Level>(4).fill(level))] },
  // Python's logging: ten numbers a level
  { key: 'levelno', levelOf: levels.flatMap((level) => Array<Level>(10).fill(level)) },
  // PRI of syslog (RFC 5424): eight severities for each of 24 facilities
  { key: 'pri', levelOf: Array<readonly Level[]>(24).fill(syslogSeverities).flat() },
];

/** An object with these keys and no level has this one, by its specification: Serilog's compact format (CLEF). */
export const impliedLevel: { readonly keys: readonly string[]; readonly level: Level } = {
  keys: ['@t', '@mt'],
  level: 'INFO',
};

/** Level words that are unambiguous in capitals near the beginning of a line of text. */
export const levelWords =
  'TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|SEVERE|CRITICAL|CRIT|ALERT|EMERG|FATAL|PANIC|VRB|TRC|DBG|INF|WRN|ERR|FTL';

export const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

export type Level = (typeof levels)[number];

/**
 * Spellings of levels, in upper case and without an offset (`DEBUG5`, `ERROR+2`). Single letters are klog's, numbers
 * pino's and bunyan's 10 to 60, and syslog's severities 0 to 7.
 */
export const levelSpellings: Readonly<Record<Level, readonly string[]>> = {
  TRACE: ['TRACE', 'VERBOSE', 'FINER', 'FINEST', 'SILLY', 'TRC', 'TRCE', 'VRB', '10'],
  DEBUG: ['DEBUG', 'DBG', 'DBUG', 'FINE', '20', '7'],
  INFO: ['INFO', 'INFORMATION', 'INFORMATIONAL', 'NOTICE', 'NOTE', 'CONFIG', 'LOG', 'HTTP', 'INF', 'I', '30', '6', '5'],
  WARN: ['WARN', 'WARNING', 'WRN', 'W', '40', '4'],
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

/** Level words that are unambiguous in capitals near the beginning of a line of text. */
export const levelWords =
  'TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|SEVERE|CRITICAL|CRIT|ALERT|EMERG|FATAL|PANIC|VRB|TRC|DBG|INF|WRN|ERR|FTL';

/** Defaults of absent keys, as they would be written in the file. The only place where defaults are listed. */
export const defaults = {
  store: { path: './tailrace-data', user: 'default', password: '' },
  server: { host: '127.0.0.1', port: 4280 },
  kinesis: { startFrom: 'TRIM_HORIZON', pollInterval: '200ms' },
  files: { startFrom: 'beginning' },
  destinations: {
    from: 'now',
    mask: { signatures: true },
    archive: {
      format: 'ndjson',
      prefix: {
        ndjson: '{table}/{yyyy}/{MM}/{dd}/{HH}/',
        parquet: '{table}/dt={yyyy}-{MM}-{dd}/hour={HH}/',
        raw: 'raw/{yyyy}/{MM}/{dd}/{HH}/',
      },
      compression: 'gzip',
      tables: ['requests', 'logs'],
      keptSize: '20GB',
    },
    opensearch: {
      rotation: 'day',
      fields: 'native',
      tables: ['requests', 'logs'],
      bufferSize: '20MiB',
      bufferInterval: '1s',
      requestSize: '5MiB',
      compression: 'gzip',
    },
    // A record of Kinesis is charged in units of 25 KiB, one of Firehose in units of 5 KiB.
    kinesis: { tables: ['requests', 'logs'], recordSize: '25KB' },
    firehose: { tables: ['requests', 'logs'], recordSize: '25KB' },
    // Many servers take no body of more than 1 MiB, and do not decompress one.
    http: { format: 'ndjson', compression: 'none', tables: ['requests', 'logs'], maxBytes: '1MB', timeout: '30s' },
    module: {
      tables: ['requests', 'logs'],
      batchRows: 500,
      maxBytes: '5MB',
      timeout: '30s',
      attempts: 5,
      maxMemory: '512MB',
    },
  },
  // Most services deliver their logs within ten minutes; what comes later is written with the next look.
  lake: { tables: ['requests', 'logs'], delay: '15m', every: '15m', rewriteAfter: '1h', cacheSize: '4GB' },
  // Rows of real-time logs come within seconds; of files, an hour may come late.
  windows: {
    from: 'requests',
    disorder: '5s',
    lateness: '10m',
    idle: '10s',
    keep: '7d',
    rebuild: '1h',
    timeout: '10s',
    giveUpAfter: '24h',
    longest: '1d',
  },
  query: { maxSeconds: 30, maxMemory: '2GB', maxRows: 1_000_000 },
  // Ingested logs are often older than any limit chosen here; nothing is deleted without being asked for.
  retention: { requests: 'forever', logs: 'forever', rejects: 'forever' },
} as const;

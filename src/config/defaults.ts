/** What a key that is not written stands for, as it would be written. The only place where defaults are listed. */
export const defaults = {
  store: { path: './tailrace-data', user: 'default', password: '' },
  server: { host: '127.0.0.1', port: 4280 },
  kinesis: { startFrom: 'TRIM_HORIZON', pollInterval: '200ms' },
  files: { startFrom: 'beginning' },
  query: { maxSeconds: 30, maxMemory: '2GB', maxRows: 1_000_000 },
  // Logs that people point Tailrace at are often older than any limit chosen here; nothing is deleted unasked.
  retention: { requests: 'forever', logs: 'forever', rejects: 'forever' },
} as const;

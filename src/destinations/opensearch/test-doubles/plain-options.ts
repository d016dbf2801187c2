import type { OpensearchOptions } from '../opensearch-destination.ts';

/** Options of a destination that delivers requests at once. */
export function plainOptions(url: string): OpensearchOptions {
  return {
    ...{ url, index: 'realtime', rotation: 'day', fields: 'native', tables: ['requests'], compression: 'none' },
    ...{ bufferSize: 1e6, bufferInterval: 0, requestSize: 1e6 },
  };
}

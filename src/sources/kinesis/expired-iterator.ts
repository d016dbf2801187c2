import { isNamed } from '../aws/failure-kind.ts';

/** Whether a new iterator is needed; a restarted server may no longer know its own. */
export function isExpiredIterator(error: unknown): boolean {
  const isUnknown = error instanceof Error && error.message.includes('Invalid ShardIterator');
  return isUnknown || isNamed(error, /^ExpiredIteratorException$/);
}

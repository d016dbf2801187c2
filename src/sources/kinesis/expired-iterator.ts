import { isNamed } from '../aws/failure-kind.ts';

/** Whether another iterator is needed; a server that was restarted may not know its own any more. */
export function isExpiredIterator(error: unknown): boolean {
  const isUnknown = error instanceof Error && error.message.includes('Invalid ShardIterator');
  return isUnknown || isNamed(error, /^ExpiredIteratorException$/);
}

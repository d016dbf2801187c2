import { timeOfId } from '../../ledger/batch-id.ts';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import type { BackupOwner, RefusedRecord } from './backup.ts';

/** `AmazonOpenSearchService_failed/2026/11/26/13/search-914067372376507168`, by the time at which the batch was begun. */
export function keptName({ failure, destination }: BackupOwner, { batch }: ClosedBatch): string {
  const [year, month, day, hour] = new Date(timeOfId(batch)).toISOString().split(/[-T:]/);
  return [failure, year, month, day, hour, `${destination}-${batch}`].join('/');
}

/** A line with the keys of Firehose, and whose it is. */
export function keptLine(
  { destination }: BackupOwner,
  { batch, closedAtMs }: ClosedBatch,
  { attempts, errorCode, errorMessage, rawData, more }: RefusedRecord,
): string {
  const record = {
    attemptsMade: attempts,
    arrivalTimestamp: closedAtMs,
    errorCode,
    errorMessage,
    attemptEndingTimestamp: Date.now(),
    rawData: Buffer.from(rawData).toString('base64'),
    ...more,
    tailraceDestination: destination,
    tailraceBatch: batch,
  };
  return `${JSON.stringify(record)}\n`;
}

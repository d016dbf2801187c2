import { batchLayoutId } from '../layouts/batch-layout.ts';
import { groupBy } from '../ledger/group-by.ts';
import type { FileInput } from './file-input.ts';

/** Limits of a batch of many files: they bound what a retry repeats, and the memory that small files take together. */
export const maxBatchFiles = 4000;
const smallFileBytes = 1024 * 1024;
const maxBatchBytes = { small: 32 * 1024 * 1024, large: 256 * 1024 * 1024 };

/** Whether a batch consists of small files only. */
export function isSmall(batch: readonly FileInput[]): boolean {
  return batch.every(({ file }) => file.bytes < smallFileBytes);
}

/** Groups files by layout and size class, within limits; one that continues midway or has odd lines is alone. */
export function* batches(inputs: readonly FileInput[]): Generator<FileInput[]> {
  const sizeClass = ({ file }: FileInput) => (file.bytes < smallFileBytes ? 'small' : 'large');
  const isAlone = ({ fromLine, odd }: FileInput) => fromLine > 0 || odd?.areLong || odd?.areBlank;
  const groups = groupBy(inputs, (input) =>
    isAlone(input) ? input.file.path : `${batchLayoutId(input.layout)} ${sizeClass(input)}`,
  );
  for (const group of groups.values()) {
    let batch: FileInput[] = [];
    let bytes = 0;
    for (const input of group) {
      if (batch.length > 0 && bytes + input.file.bytes > maxBatchBytes[sizeClass(input)]) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(input);
      bytes += input.file.bytes;
    }
    if (batch.length > 0) yield batch;
  }
}

import type { Engine } from '../engine/engine.ts';
import { EventJoiner } from '../framing/events/event-joiner.ts';
import { lookAtChunks, lookAtFile } from '../framing/files/odd-lines.ts';
import { envelopeGroups } from '../framing/records/envelope-groups.ts';
import { type BatchLayout, isRefused, nothingToRead } from '../layouts/batch-layout.ts';
import type { StreamLayouts } from '../layouts/find-layout.ts';
import { sampleLines } from '../layouts/inspect-input.ts';
import { joinOptions } from '../layouts/join-options.ts';
import { sampleEvents } from '../layouts/logs/cloudwatch-events.ts';
import { recallHeader, recallLayout } from '../ledger/recall-layout.ts';
import { boundLines, hasBoundedLines } from './bounded-lines.ts';
import type { FileInput } from './file-input.ts';
import { DamagedFileError, withReadableCopy } from './readable-copy.ts';
import type { SpoolFiles } from './spool.ts';
import { isFile, type TakenDelivery, type TakenFile } from './take-delivery.ts';

/** What is needed to turn deliveries into files that the engine reads. */
export interface Preparation {
  readonly engine: Engine;
  /** Where the files are written. */
  readonly files: SpoolFiles;
  readonly layouts: StreamLayouts;
}

/**
 * Writes delivered lines to files and finds their layout; a delivered file is copied only where the engine cannot read
 * it. One delivery becomes several inputs when its CloudWatch messages come from several log groups.
 * @throws NodeJS.ErrnoException when the spool has no room; DamagedFileError for a file of the user
 */
export async function prepareDelivery(delivery: TakenDelivery, preparation: Preparation): Promise<FileInput[]> {
  const { content, file } = delivery;
  switch (content.kind) {
    case 'file':
    case 'user-file':
      return file ? [await prepareFile(delivery, file, preparation.files)] : [];
    case 'cloudwatch':
      return prepareEnvelopes(delivery, content.chunks, preparation);
    case 'lines': {
      const bytes = totalBytes(content.chunks);
      const lines = sampleLines(headOf(content.chunks), bytes <= sampleBytes);
      const layout = bytes === 0 ? nothingToRead : await streamLayout(delivery, lines, preparation);
      return [await spooled(delivery, content.chunks, layout, preparation.files)];
    }
  }
}

async function streamLayout(
  delivery: TakenDelivery,
  lines: readonly string[],
  { engine, layouts }: Preparation,
): Promise<BatchLayout> {
  const from = delivery.context?.rejectedFrom;
  const header = from && (await recallHeader(engine, from.origin, from.batch));
  if (header) return header;
  const stream = streamOf(delivery);
  if (!layouts.has(stream)) {
    const recalled = await recallLayout(engine, delivery.origin);
    if (recalled) layouts.recall(stream, recalled);
  }
  return layouts.find(stream, lines);
}

async function prepareEnvelopes(
  delivery: TakenDelivery,
  chunks: readonly Uint8Array[],
  { layouts, files }: Preparation,
): Promise<FileInput[]> {
  const inputs: FileInput[] = [];
  for (const { group, chunks: messages } of envelopeGroups(chunks)) {
    const layout = layouts.find(`${streamOf(delivery)} ${group}`, sampleEvents(sampledEnvelopes(messages)));
    // An envelope whose messages show no format is still a log.
    const input = await spooled(delivery, messages, layout, files, true);
    const version = inputs.length === 0 ? delivery.version : `${delivery.version}#${inputs.length + 1}`;
    inputs.push({ ...input, version, isEnveloped: true });
  }
  return inputs;
}

async function prepareFile(
  delivery: TakenDelivery,
  { isUnusual, ...taken }: TakenFile,
  files: SpoolFiles,
): Promise<FileInput> {
  const input: FileInput = { ...identity(delivery), ...taken };
  if (input.layout === nothingToRead) return input;
  // The bytes of an archive are not lines, not even rejects.
  if (input.file.content === 'unsupported') return emptied(input, files);
  try {
    return await withReadableCopy({ ...input, odd: await lookAtFile(input.file, isUnusual) }, files);
  } catch (cause) {
    if (!(cause instanceof DamagedFileError) || delivery.content.kind === 'user-file') throw cause;
    return emptied({ ...input, layout: { refused: cause.message } }, files);
  }
}

async function spooled(
  delivery: TakenDelivery,
  chunks: readonly Uint8Array[],
  layout: BatchLayout,
  files: SpoolFiles,
  isEnveloped = false,
): Promise<FileInput> {
  const isBounded = !isEnveloped && hasBoundedLines(layout);
  const cut = isEnveloped ? chunks : boundLines(chunks, layout);
  const file = await files.write(isEnveloped ? cut : joined(delivery, cut, layout));
  const input = { ...identity(delivery), file: { ...file, version: delivery.version }, layout, fromLine: 0 };
  return isBounded ? { ...input, odd: lookAtChunks(chunks) } : input;
}

/** Joins the lines of one writer into events. */
function joined({ content }: TakenDelivery, chunks: readonly Uint8Array[], layout: BatchLayout): readonly Uint8Array[] {
  const options = joinOptions(layout);
  if (!options || isFile(content) || content.place === undefined) return chunks;
  const joiner = new EventJoiner({ ...options, beginsAt: 0, isRest: content.place === 'middle' });
  const lines = [...chunks.map((chunk) => joiner.push(chunk)), joiner.end()];
  return joiner.joined > 0 ? lines : chunks;
}

function identity({ origin, version, context }: TakenDelivery) {
  return { origin, version, ...(context ? { context } : {}) };
}

/** Key of what shares one layout: a Kinesis stream with all its shards, a log group or index of an intake, a file. */
function streamOf({ origin, context }: TakenDelivery): string {
  return `${origin.replace(/\/shardId-\d+$/, '')} ${context?.group ?? ''}`;
}

/** An envelope may hold a megabyte, so a few of them are sample enough. */
function sampledEnvelopes(messages: readonly Uint8Array[]): string[] {
  return messages.slice(0, 3).map((message) => Buffer.from(message).toString());
}

const sampleBytes = 64 * 1024;

function headOf(chunks: readonly Uint8Array[]): Buffer {
  const head: Uint8Array[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    if (bytes >= sampleBytes) break;
    head.push(chunk.subarray(0, sampleBytes - bytes));
    bytes += chunk.length;
  }
  return Buffer.concat(head);
}

export function totalBytes(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** For a file of which the engine can read nothing: its bytes stay with the source, and the books record why. */
export async function emptied(input: FileInput, files: SpoolFiles): Promise<FileInput> {
  const file = await files.write([]);
  const layout = isRefused(input.layout) ? input.layout : { refused: 'cannot be read' };
  return { ...input, file: { ...file, version: input.file.version }, layout };
}

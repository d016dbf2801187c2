import { type InspectedFile, inspectFile } from '../framing/files/inspect-file.ts';
import { isUnusual } from '../framing/files/odd-lines.ts';
import { nothingToRead } from '../layouts/batch-layout.ts';
import type { InputHints } from '../layouts/find-layout.ts';
import { EmptyInputError, inspectInput, UnusableInputError } from '../layouts/inspect-input.ts';
import type { KnownHeaders } from '../layouts/known-headers.ts';
import { type Delivery, RefusedFileError, type UserFile } from '../sources/source.ts';
import type { FileInput } from './file-input.ts';

/** A delivery with its identity, and for a file how it is read. */
export interface TakenDelivery extends Omit<Delivery, 'content'> {
  readonly content: (Delivery | UserFile)['content'];
  readonly file?: TakenFile;
}

export interface TakenFile extends Pick<FileInput, 'file' | 'layout' | 'fromLine' | 'isSegmented'> {
  /** See {@link isUnusual}. */
  readonly isUnusual: boolean;
}

export interface Inspection {
  readonly hints: InputHints;
  readonly headers: KnownHeaders;
}

/**
 * Inspects a delivered file, which identifies it and finds its layout. Synchronous until its first `await` for all but
 * Parquet, so that thousands of small files are inspected in one go.
 * @throws RefusedFileError for a file of the user that is empty or not a log
 */
export async function takeDelivery(delivery: Delivery | UserFile, inspection: Inspection): Promise<TakenDelivery> {
  if (!isFile(delivery.content)) return delivery as Delivery;
  const file = { ...(await inspectDelivered(delivery.content, inspection)), fromLine: 0 };
  return { ...delivery, version: delivery.version ?? file.file.version, file };
}

type Content = TakenDelivery['content'];

/** Whether the delivery is a file, rather than lines in memory. */
export function isFile(content: Content): content is Extract<Content, { path: string }> {
  return 'path' in content;
}

async function inspectDelivered(
  { kind, path }: Extract<Content, { path: string }>,
  { hints, headers }: Inspection,
): Promise<Omit<TakenFile, 'fromLine'>> {
  try {
    const { file, layout, isUnusual } = await inspectInput(path, hints, { headers, acceptText: kind === 'file' });
    return { file, layout, isUnusual };
  } catch (cause) {
    const isEmpty = cause instanceof EmptyInputError;
    if (!(isEmpty || cause instanceof UnusableInputError)) throw cause;
    if (kind === 'user-file') throw new RefusedFileError(cause.message, isEmpty ? 'empty' : 'unusable', { cause });
    if (isEmpty) return { ...inspected(path), layout: nothingToRead };
    // The file cannot be opened, which says nothing about its content.
    if (cause.cause) throw cause.cause;
    return { ...inspected(path), layout: { refused: cause.message } };
  }
}

function inspected(path: string): { readonly file: InspectedFile; readonly isUnusual: boolean } {
  const inspection = inspectFile(path);
  const { head: _, sample: __, ...file } = inspection;
  return { file, isUnusual: isUnusual(inspection) };
}

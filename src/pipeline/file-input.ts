import { readObjectName } from '../formats/object-name.ts';
import type { InspectedFile } from '../framing/files/inspect-file.ts';
import type { OddLines } from '../framing/files/odd-lines.ts';
import type { BatchLayout } from '../layouts/batch-layout.ts';
import type { DeliveryContext } from '../sources/source.ts';

/** A local file that is going to be stored, and how. */
export interface FileInput {
  readonly file: InspectedFile;
  /** Name of the object in ledger and rejects: the file's own path, or where its bytes were taken from. */
  readonly origin: string;
  /** Identity of the object's content; of a file that was taken as it lies there, its fingerprint. */
  readonly version: string;
  readonly layout: BatchLayout;
  /** 0-based line from which on it is stored; above 0 for a file that grew since it was last read. */
  readonly fromLine: number;
  /** Whether each line is a CloudWatch Logs data message, whose log events are what is stored. */
  readonly isEnveloped?: boolean;
  /** Whether its columns change midway, so that it is cut at its header lines. */
  readonly isSegmented?: boolean;
  /** What is unusual about its lines; absent when nothing is. */
  readonly odd?: OddLines;
  /** What the engine reads instead of the file: its lines as the engine reads lines, with those that are too long cut. */
  readonly copy?: Omit<InspectedFile, 'version'>;
  readonly context?: DeliveryContext;
}

/** The file that the engine reads. */
export function readFileOf({ file, copy }: FileInput): Omit<InspectedFile, 'version'> {
  return copy ?? file;
}

/** What its rows have as the name of their file. */
export function filenameOf({ origin, context }: FileInput): string {
  return context?.filename ?? readObjectName(origin).filename;
}

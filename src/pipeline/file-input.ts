import { readObjectName } from '../formats/object-name.ts';
import type { InspectedFile } from '../framing/files/inspect-file.ts';
import type { OddLines } from '../framing/files/odd-lines.ts';
import type { BatchLayout } from '../layouts/batch-layout.ts';
import type { DeliveryContext } from '../sources/source.ts';

/** A local file to be stored, and how to read it. */
export interface FileInput {
  readonly file: InspectedFile;
  /** Name of the object in ledger and rejects: the file's own path, or where its bytes were taken from. */
  readonly origin: string;
  /** Identity of the object's content; its fingerprint for a file that is read in place. */
  readonly version: string;
  readonly layout: BatchLayout;
  /** 0-based first line to store; above 0 for a file that grew since it was last read. */
  readonly fromLine: number;
  /** Whether each line is a CloudWatch Logs data message, whose log events are stored. */
  readonly isEnveloped?: boolean;
  /** Whether its columns change midway, so that it is cut at its header lines. */
  readonly isSegmented?: boolean;
  /** What is unusual about its lines; absent for usual ones. */
  readonly odd?: OddLines;
  /** Copy that the engine reads instead of the file: plain lines, with too long ones cut. */
  readonly copy?: Omit<InspectedFile, 'version'>;
  readonly context?: DeliveryContext;
}

/** The file that the engine reads: the copy, or the file itself. */
export function readFileOf({ file, copy }: FileInput): Omit<InspectedFile, 'version'> {
  return copy ?? file;
}

/** File name stored in its rows. */
export function filenameOf({ origin, context }: FileInput): string {
  return context?.filename ?? readObjectName(origin).filename;
}

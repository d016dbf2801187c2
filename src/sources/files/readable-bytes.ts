/** The bytes of an open file by offset; of a compressed file, its content. */
export interface ReadableBytes {
  /** Number of bytes, as far as known. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Resolves to fewer bytes only at the end. @throws NodeJS.ErrnoException */
  read(from: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

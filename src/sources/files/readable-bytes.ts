/** The bytes of a file at hand, by offset; of a compressed one, what is in it. */
export interface ReadableBytes {
  /** How many there are, as far as known. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Resolves to fewer bytes only at the end. @throws NodeJS.ErrnoException */
  read(from: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

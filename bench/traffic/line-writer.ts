/**
 * Builds lines byte by byte in one buffer. Joining strings and encoding the result costs three times as much: the
 * JavaScript engine first builds a rope of the pieces, then flattens it.
 */
export class LineWriter {
  readonly bytes: Buffer;
  /** Position of the next byte. */
  position = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** Writes a value of bytes below 0x80 and the tab after it. */
  field(value: string): void {
    const { bytes } = this;
    let { position } = this;
    const { length } = value;
    for (let index = 0; index < length; index++) bytes[position++] = value.charCodeAt(index);
    bytes[position++] = 9;
    this.position = position;
  }

  /** Writes a non-negative integer, and the tab after it. */
  number(value: number): void {
    this.digits(value, 1);
    this.bytes[this.position++] = 9;
  }

  /** Writes milliseconds as seconds with three decimals, and the tab after them. */
  seconds(ms: number): void {
    this.digits(Math.floor(ms / 1000), 1);
    this.bytes[this.position++] = 0x2e;
    this.digits(ms % 1000, 3);
    this.bytes[this.position++] = 9;
  }

  /** Replaces the last tab by the line end. */
  endLine(): void {
    this.bytes[this.position - 1] = 10;
  }

  private digits(value: number, atLeast: number): void {
    let count = 1;
    for (let limit = 10; limit <= value; limit *= 10) count++;
    if (count < atLeast) count = atLeast;
    let rest = value;
    for (let place = this.position + count - 1; place >= this.position; place--) {
      const tenth = Math.floor(rest / 10);
      this.bytes[place] = 0x30 + rest - tenth * 10;
      rest = tenth;
    }
    this.position += count;
  }
}

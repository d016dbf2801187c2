/**
 * A small fast generator (sfc32). `Math.random` cannot be seeded, and a data set must be the same on every machine.
 * Must not be used for anything secret.
 */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  /** Two generators with different `streams` (in any position) give unrelated sequences. */
  constructor(...streams: readonly number[]) {
    this.restart(...streams);
  }

  /** Makes this object the generator of other streams: allocating one per path or viewer would cost more than its use. */
  restart(...streams: readonly number[]): void {
    let state = 0x9e3779b9;
    for (const stream of streams) state = scramble(state ^ scramble(stream | 0));
    this.a = state;
    this.b = scramble(state + 0x85ebca6b);
    this.c = scramble(state + 0xc2b2ae35);
    this.counter = 1;
    for (let round = 0; round < 12; round++) this.int32();
  }

  /** A signed 32-bit integer, all 32 bits random. */
  int32(): number {
    const result = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result;
  }

  /** In [0, 1). */
  fraction(): number {
    return (this.int32() >>> 0) / 0x1_0000_0000;
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('BUG: pick from an empty list');
    return choice;
  }

  /** A log-normal value with the given median; `sigma` is the standard deviation of its natural logarithm. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.fraction()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.fraction()));
  }
}

/** The finalizer of MurmurHash3: every input bit reaches every output bit. */
function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

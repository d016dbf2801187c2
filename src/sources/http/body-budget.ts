import { busy } from './retry-later.ts';

/** Limits the bytes of all bodies in memory. */
export class BodyBudget {
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** @returns the share of one request; it must be released */
  open(): BodyHold {
    let own = 0;
    const change = (bytes: number) => {
      this.#heldBytes += bytes;
      own += bytes;
    };
    return {
      add: (bytes) => {
        if (this.#heldBytes + bytes > this.#maxBytes) throw busy('too many bytes wait to be stored already');
        change(bytes);
      },
      free: (bytes) => change(-bytes),
      release: () => change(-own),
    };
  }
}

export interface BodyHold {
  /** @throws Refusal when there is no room; nothing is added then */
  add(bytes: number): void;
  free(bytes: number): void;
  /** Frees the rest. */
  release(): void;
}

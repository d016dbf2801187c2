import { isIPv6 } from 'node:net';

export interface WrongTokenLimitOptions {
  /** Burst of wrong tokens per address. */
  readonly burst: number;
  /** Refill of the burst per second. */
  readonly perSecond: number;
  /** Maximum of remembered addresses; beyond it the one with the oldest wrong token is forgotten. */
  readonly maxAddresses: number;
}

const usual: WrongTokenLimitOptions = { burst: 20, perSecond: 0.2, maxAddresses: 10_000 };

/** A shipper with an outdated token repeats it; that is not guessing, though it is not free. */
const repeatedCost = 0.05;

interface Guesser {
  /** Remaining burst. */
  left: number;
  atMs: number;
  /** Digests of the wrong tokens that it sent; no more than it may send. */
  readonly shown: Set<string>;
}

/** Limits token guessing: after some wrong tokens, those of an address are not checked until time has passed. */
export class WrongTokenLimit {
  readonly #options: WrongTokenLimitOptions;
  readonly #guessers = new Map<string, Guesser>();

  constructor(options: WrongTokenLimitOptions = usual) {
    this.#options = options;
  }

  /** @returns for how many seconds tokens of this address are not checked; 0: they are checked now */
  waitSeconds(address: string, nowMs: number = performance.now()): number {
    const guesser = this.#guessers.get(groupOf(address));
    if (!guesser) return 0;
    const left = this.#refill(guesser, nowMs);
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.#options.perSecond);
  }

  /** @param digest of the wrong token, to recognise a repeated one */
  count(address: string, digest: string, nowMs: number = performance.now()): void {
    const { burst, maxAddresses } = this.#options;
    const group = groupOf(address);
    const guesser = this.#guessers.get(group) ?? { left: burst, atMs: nowMs, shown: new Set<string>() };
    this.#refill(guesser, nowMs);
    guesser.left = Math.max(0, guesser.left - (guesser.shown.has(digest) ? repeatedCost : 1));
    if (guesser.shown.size >= burst) guesser.shown.clear();
    guesser.shown.add(digest);
    // Last in the order in which addresses are forgotten.
    this.#guessers.delete(group);
    this.#guessers.set(group, guesser);
    if (this.#guessers.size <= maxAddresses) return;
    const [oldest] = this.#guessers.keys();
    if (oldest !== undefined) this.#guessers.delete(oldest);
  }

  #refill(guesser: Guesser, nowMs: number): number {
    const { burst, perSecond } = this.#options;
    guesser.left = Math.min(burst, guesser.left + ((nowMs - guesser.atMs) / 1000) * perSecond);
    guesser.atMs = nowMs;
    return guesser.left;
  }
}

/** An IPv6 customer has at least a /64, so its addresses count as one. */
function groupOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}

import { isIPv6 } from 'node:net';

export interface WrongTokenLimitOptions {
  /** How many wrong tokens an address may show at once. */
  readonly burst: number;
  /** How many more it may show each second. */
  readonly perSecond: number;
  /** How many addresses are remembered; of more, those that were wrong longest ago are forgotten. */
  readonly maxAddresses: number;
}

const usual: WrongTokenLimitOptions = { burst: 20, perSecond: 0.2, maxAddresses: 10_000 };

/** A shipper that was left with an old token shows it again and again; that is no guessing, though it is not free. */
const repeatedCost = 0.05;

interface Guesser {
  /** What is left of the burst. */
  left: number;
  atMs: number;
  /** Digests of the wrong tokens that it showed; no more than it may show. */
  readonly shown: Set<string>;
}

/** Holds back whoever tries tokens: after some wrong ones an address is not looked at any more until time has passed. */
export class WrongTokenLimit {
  readonly #options: WrongTokenLimitOptions;
  readonly #guessers = new Map<string, Guesser>();

  constructor(options: WrongTokenLimitOptions = usual) {
    this.#options = options;
  }

  /** @returns for how many seconds no token of this address is looked at; 0: now it is */
  waitSeconds(address: string, nowMs: number = performance.now()): number {
    const guesser = this.#guessers.get(groupOf(address));
    if (!guesser) return 0;
    const left = this.#refill(guesser, nowMs);
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.#options.perSecond);
  }

  /** @param digest of the wrong token, for telling it from others */
  count(address: string, digest: string, nowMs: number = performance.now()): void {
    const { burst, maxAddresses } = this.#options;
    const group = groupOf(address);
    const guesser = this.#guessers.get(group) ?? { left: burst, atMs: nowMs, shown: new Set<string>() };
    this.#refill(guesser, nowMs);
    guesser.left = Math.max(0, guesser.left - (guesser.shown.has(digest) ? repeatedCost : 1));
    if (guesser.shown.size >= burst) guesser.shown.clear();
    guesser.shown.add(digest);
    // Behind all others in the order in which they are forgotten.
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

/** One customer of IPv6 has at least a /64: its addresses count as one. */
function groupOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}

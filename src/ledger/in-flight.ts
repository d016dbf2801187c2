import type { Engine } from '../engine/engine.ts';
import { withDeadline } from '../waiting/deadline.ts';

/** Identity of an object in the ledger: where its bytes come from, and which bytes they are. */
export interface ObjectIdentity {
  readonly origin: string;
  readonly version: string;
}

/** The identity of an object as one string. */
export function identityOf({ origin, version }: ObjectIdentity): string {
  return `${origin}\n${version}`;
}

interface Hold {
  readonly released: Promise<void>;
  readonly release: () => void;
}

/**
 * Objects that this process is storing. All sinks of a store share it, so that an object which two of them have at the
 * same time is stored by the first and known to the second.
 */
export class InFlight {
  readonly #holds = new Map<string, Hold>();

  /**
   * Waits until no other caller stores any of these objects, then holds all of them. A caller must not hold other
   * objects while it waits: two callers could deadlock.
   * @throws the signal's reason
   */
  async hold(objects: readonly ObjectIdentity[], signal?: AbortSignal): Promise<void> {
    const identities = new Set(objects.map(identityOf));
    for (;;) {
      signal?.throwIfAborted();
      const held = [...identities].flatMap((identity) => this.#holds.get(identity)?.released ?? []);
      if (held.length === 0) break;
      const wait: Promise<unknown> = Promise.all(held);
      await (signal ? withDeadline(wait, { afterMs: 0, from: signal, onLate: () => undefined }) : wait);
    }
    for (const identity of identities) this.#holds.set(identity, newHold());
  }

  /** Must be called by the holder when the objects are stored, or will not be. */
  release(objects: readonly ObjectIdentity[]): void {
    for (const identity of objects.map(identityOf)) {
      this.#holds.get(identity)?.release();
      this.#holds.delete(identity);
    }
  }
}

const byEngine = new WeakMap<Engine, InFlight>();

/** The objects of a store that are in flight. */
export function inFlightOf(engine: Engine): InFlight {
  const inFlight = byEngine.get(engine) ?? new InFlight();
  byEngine.set(engine, inFlight);
  return inFlight;
}

function newHold(): Hold {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release };
}

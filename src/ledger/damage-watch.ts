import type { Engine } from '../engine/engine.ts';
import { findDamage } from '../store/find-damage.ts';
import { recordDamage } from './events.ts';

/** What is known to be wrong with what the store holds. */
export class DamageWatch {
  readonly #engine: Engine;
  readonly #tell: (text: string) => void;
  #damage: readonly string[] = [];

  /** @param tell told of damage when it is found, in words */
  constructor(engine: Engine, tell: (text: string) => void) {
    this.#engine = engine;
    this.#tell = tell;
  }

  /** Each in words, e.g. `requests: 12 of 100 rows are missing`; empty while nothing is wrong. */
  get damage(): readonly string[] {
    return this.#damage;
  }

  /** Looks again. The engine may have been started again meanwhile, and puts aside then what it cannot read. */
  async look(moment: 'opened' | 'in use'): Promise<void> {
    const damage = await findDamage(this.#engine, moment);
    const isNew = damage.join() !== this.#damage.join();
    this.#damage = damage;
    if (!isNew || damage.length === 0) return;
    const text = damage.join('; ');
    this.#tell(`the store is damaged: ${text}; stop what has it open and run "tailrace verify"`);
    await recordDamage(this.#engine, text);
  }
}

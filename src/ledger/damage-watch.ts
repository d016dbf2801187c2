import type { Engine } from '../engine/engine.ts';
import { findDamage } from '../store/find-damage.ts';
import type { LedgerState } from '../store/ledger-mark.ts';
import { recordDamage } from './events.ts';

/** The known damage of the store. */
export class DamageWatch {
  readonly #engine: Engine;
  readonly #tell: (text: string) => void;
  #damage: readonly string[] = [];

  /** @param tell receives a description of damage when it is found */
  constructor(engine: Engine, tell: (text: string) => void) {
    this.#engine = engine;
    this.#tell = tell;
  }

  /** Descriptions such as `requests: 12 of 100 rows are missing`; empty without damage. */
  get damage(): readonly string[] {
    return this.#damage;
  }

  /** Checks again. The engine may have restarted meanwhile, and detaches parts that it cannot read. */
  async look(moment: 'opened' | 'in use', known?: LedgerState): Promise<void> {
    const damage = await findDamage(this.#engine, moment, known);
    const isNew = damage.join() !== this.#damage.join();
    this.#damage = damage;
    if (!isNew || damage.length === 0) return;
    const text = damage.join('; ');
    this.#tell(`the store is damaged: ${text}; stop what has it open and run "tailrace verify"`);
    await recordDamage(this.#engine, text);
  }
}

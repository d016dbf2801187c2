import type { LaneSettings } from '../engine-messages.ts';
import { ChdbSession, type OpenNative } from './chdb-session.ts';

/** Sessions of one lane. The sending process decides how many jobs run at once. */
export class SessionPool {
  readonly #openNative: OpenNative;
  readonly #name: string;
  readonly #settings: LaneSettings;
  readonly #idle: ChdbSession[] = [];
  #opened = 0;

  constructor(openNative: OpenNative, name: string, settings: LaneSettings) {
    this.#openNative = openNative;
    this.#name = name;
    this.#settings = settings;
  }

  /** Statements between the settings of a job and its statement. */
  get sealing(): readonly string[] {
    return this.#settings.sealing;
  }

  get isSingleUse(): boolean {
    return this.#settings.isSingleUse;
  }

  async take(): Promise<ChdbSession> {
    return this.#idle.pop() ?? this.#open();
  }

  /** @param failed whether anything failed in it */
  giveBack(session: ChdbSession, failed: boolean): void {
    if (!failed && !this.#settings.isSingleUse) {
      this.#idle.push(session);
      return;
    }
    session.close();
    if (this.#settings.isSingleUse) void this.#prepareNext();
  }

  /** Opens the next session in advance, so that a question does not wait for it. */
  async #prepareNext(): Promise<void> {
    try {
      this.#idle.push(await this.#open());
    } catch {
      // The next job opens its own and reports the error.
    }
  }

  #open(): Promise<ChdbSession> {
    this.#opened++;
    return ChdbSession.open(this.#openNative, `tailrace-${this.#name}-${this.#opened}`, this.#settings.opening);
  }
}

import { Activity } from './activity.ts';
import { type AwsCall, explain } from './explain-failure.ts';

const attempts = 3;
/** No check takes longer; it may well be that nothing answers. */
const checkMs = 15_000;

/** Makes the calls that a source will need, to see whether they are permitted, and collects what is wrong. */
export class AccessProbe {
  readonly #problems = new Set<string>();
  readonly #activity = new Activity(attempts);
  readonly #given: AbortSignal;
  /** To end a call with. */
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#given = signal;
    this.signal = AbortSignal.any([signal, AbortSignal.timeout(checkMs)]);
  }

  /** Each once, with a remedy. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }

  /**
   * @param isFine whether an error, too, says that the call is permitted
   * @returns nothing when it failed
   * @throws the reason of the signal that was given
   */
  async try<T>(
    call: AwsCall,
    send: () => Promise<T>,
    isFine: (error: unknown) => boolean = () => false,
  ): Promise<T | undefined> {
    try {
      return await this.#activity.repeat(call.what, this.signal, send);
    } catch (error) {
      this.#given.throwIfAborted();
      if (!isFine(error)) this.#problems.add(explain(error, call).message);
      return undefined;
    }
  }
}

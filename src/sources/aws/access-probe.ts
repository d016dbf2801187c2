import { Activity } from './activity.ts';
import { type AwsCall, explain } from './explain-failure.ts';

const attempts = 3;
/** Timeout of a check, for services that do not answer. */
const checkMs = 15_000;

/** Makes the calls that a source will need, to check whether they are permitted, and collects the problems. */
export class AccessProbe {
  readonly #problems = new Set<string>();
  readonly #activity = new Activity(attempts);
  readonly #given: AbortSignal;
  /** Aborts a call. */
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#given = signal;
    this.signal = AbortSignal.any([signal, AbortSignal.timeout(checkMs)]);
  }

  /** Distinct problems, each with a remedy. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }

  /**
   * @param isFine whether an error also shows that the call is permitted
   * @returns undefined when the call failed
   * @throws the reason of the given signal
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

/**
 * Milliseconds that a test waits for what must happen: a bound for what hangs. A busy machine takes twenty times as long
 * as a quiet one.
 */
export const patienceMs = 300_000;

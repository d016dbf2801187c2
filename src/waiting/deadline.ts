export interface Deadline<T> {
  readonly afterMs: number;
  /** The time runs from the abort of this signal; default: from the call. */
  readonly from?: AbortSignal;
  /** Gives, or throws, the outcome once the time is over. */
  readonly onLate: () => T;
}

/** The outcome of the work, or the deadline's when the work takes longer. The work itself goes on. */
export async function withDeadline<T>(work: Promise<T>, { afterMs, from, onLate }: Deadline<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let start = () => {};
  const late = new Promise<T>((resolve, reject) => {
    const end = () => {
      try {
        resolve(onLate());
      } catch (error) {
        reject(error);
      }
    };
    start = () => {
      if (afterMs === 0) end();
      else timer = setTimeout(end, afterMs);
    };
  });
  if (!from || from.aborted) start();
  else from.addEventListener('abort', start, { once: true });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    from?.removeEventListener('abort', start);
  }
}

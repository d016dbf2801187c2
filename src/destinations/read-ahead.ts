/**
 * Yields what each source has, one source after the other. While one is read the next one has begun already, and waits with its
 * first element. Whoever leaves early waits until what has begun is ready or aborted.
 */
export async function* readAhead<T>(sources: readonly (() => AsyncIterable<T>)[]): AsyncGenerator<T> {
  let reading: Begun<T> | undefined;
  let next = begin(sources[0]);
  try {
    for (let index = 1; next; index++) {
      reading = next;
      next = begin(sources[index]);
      for (let { value, done } = await reading.first; !done; { value, done } = await reading.rest.next()) yield value;
    }
  } finally {
    await Promise.allSettled([reading, next].map((begun) => begun?.rest.return?.()));
  }
}

interface Begun<T> {
  readonly first: Promise<IteratorResult<T>>;
  readonly rest: AsyncIterator<T>;
}

function begin<T>(source: (() => AsyncIterable<T>) | undefined): Begun<T> | undefined {
  const rest = source?.()[Symbol.asyncIterator]();
  if (!rest) return undefined;
  const first = rest.next();
  // It is noticed when its turn comes.
  first.catch(() => {});
  return { first, rest };
}

/** Longer filters are refused; shippers send some 50 characters. */
export const maxFilterLength = 1024;

/**
 * Selects what a sender wants of an answer: `filter_path=errors,items.*.error,items.*.status`. `*` matches any part of
 * a name, `**` any names; array elements count as the array itself. Excluding paths are ignored.
 * https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options
 *
 * All paths are matched in parallel, and transitions are cached per state and name: the time is linear in the answer,
 * whatever the paths are.
 */
export class PathFilter {
  readonly #paths: readonly (readonly string[])[];
  readonly #places = new Map<string, Place>();
  readonly #start: Place;

  /** @param filter has at most {@link maxFilterLength} characters */
  constructor(filter: string) {
    const paths = filter.split(',').filter((path) => path !== '' && !path.startsWith('-'));
    // Several `**` in a row mean the same as one.
    this.#paths = paths.map((path) => path.split('.').filter((name, at, all) => name !== '**' || all[at - 1] !== '**'));
    this.#start = this.#placeAt(this.#paths.flatMap((_, path) => this.#from(path, 0)));
  }

  /** @returns undefined when nothing is left */
  apply(value: unknown): unknown {
    return this.#paths.length === 0 ? value : this.#keep(value, this.#start);
  }

  #keep(value: unknown, place: Place): unknown {
    if (Array.isArray(value)) {
      const kept = value.map((element) => this.#keep(element, place)).filter((element) => element !== undefined);
      return kept.length === 0 ? undefined : kept;
    }
    if (typeof value !== 'object' || value === null) return undefined;
    const kept: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      const next = this.#follow(place, key);
      const child = next.isEnd ? member : this.#keep(member, next);
      if (child !== undefined) kept[key] = child;
    }
    return Object.keys(kept).length === 0 ? undefined : kept;
  }

  #follow(place: Place, key: string): Place {
    const known = place.next.get(key);
    if (known) return known;
    const next = this.#placeAt(
      place.steps.flatMap(({ path, step }) => {
        const names = this.#paths[path] ?? [];
        if (names[step] !== '**') return matches(names[step] ?? '', key) ? this.#from(path, step + 1) : [];
        return step + 1 === names.length ? [{ path, step: step + 1 }] : this.#from(path, step);
      }),
    );
    place.next.set(key, next);
    return next;
  }

  /** A step, and the next one when it may be skipped: `**` before another name also matches no name. */
  #from(path: number, step: number): Step[] {
    const names = this.#paths[path] ?? [];
    const mayBeSkipped = names[step] === '**' && step + 1 < names.length;
    return mayBeSkipped
      ? [
          { path, step },
          { path, step: step + 1 },
        ]
      : [{ path, step }];
  }

  #placeAt(steps: readonly Step[]): Place {
    const distinct = new Map(steps.map((step) => [`${step.path} ${step.step}`, step]));
    const id = [...distinct.keys()].sort().join();
    const known = this.#places.get(id);
    if (known) return known;
    const isEnd = steps.some(({ path, step }) => step === this.#paths[path]?.length);
    const place = { steps: [...distinct.values()], isEnd, next: new Map<string, Place>() };
    this.#places.set(id, place);
    return place;
  }
}

/** The next name of a path. */
interface Step {
  /** Index of the path. */
  readonly path: number;
  /** Index of the name within it; its length at the end. */
  readonly step: number;
}

/** Position in all paths. */
interface Place {
  readonly steps: readonly Step[];
  /** Whether a path ends here, so that everything below is selected. */
  readonly isEnd: boolean;
  readonly next: Map<string, Place>;
}

/** Whether a name matches a pattern in which `*` matches any characters. Backtracks to the last `*` only. */
function matches(pattern: string, name: string): boolean {
  let [at, from] = [0, 0];
  let star = -1;
  let starred = 0;
  while (from < name.length) {
    if (pattern[at] === '*') {
      star = at++;
      starred = from;
    } else if (pattern[at] === name[from]) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++starred;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

const forms: readonly (readonly [pattern: RegExp, toDate: (match: readonly string[]) => string | number])[] = [
  [
    /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]?\d+)? ?([+-]\d\d)?:?(\d\d)?/g,
    ([, day, clock, hours, minutes]) => `${day}T${clock}${hours ? `${hours}:${minutes ?? '00'}` : 'Z'}`,
  ],
  // Its offset may be torn, and is then none.
  [/(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]?\d+)? ?[+-]\d?\d?[^\d]/g, ([, day, clock]) => `${day}T${clock}Z`],
  [
    /(\d{4})\/(\d\d)\/(\d\d)[T ](\d\d:\d\d:\d\d)/g,
    ([, year, month, day, clock]) => `${year}-${month}-${day}T${clock}Z`,
  ],
  [
    /(\d\d)[/ -]([A-Z][a-z]{2})[/ -](\d{4})[: ](\d\d:\d\d:\d\d)(?: ?([+-]\d{4}))?/g,
    ([, day, month, year, clock, offset]) => `${day} ${month} ${year} ${clock} ${offset ?? 'UTC'}`,
  ],
  [/(?<!\d)([1-9]\d{8,9})(?!\d)/g, ([, seconds]) => Number(seconds) * 1000],
  [/(?<!\d)([1-9]\d{12})(?:\d{3}){0,2}(?!\d)/g, ([, milliseconds]) => Number(milliseconds)],
];

const withoutYear: readonly RegExp[] = [
  /([A-Z][a-z]{2}) +(\d\d?) (\d\d:\d\d:\d\d)/g,
  /(?:^|\W)[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d)/g,
];

/** The times that a file states, in any form; written without a look at the patterns of the formats. */
export class StatedTimes {
  readonly #seconds = new Set<string>();

  constructor(lines: readonly string[]) {
    for (const line of lines) {
      for (const [pattern, toDate] of forms) for (const match of line.matchAll(pattern)) this.#add(toDate(match));
      for (const pattern of withoutYear)
        for (const [, month, day, clock] of line.matchAll(pattern))
          for (const year of nearYears) this.#add(`${month} ${day} ${year} ${clock} UTC`);
    }
  }

  /** @param time as the store shows it; the fraction does not count */
  has(time: string): boolean {
    return this.#seconds.has(time.slice(0, 'YYYY-MM-DD HH:MM:SS'.length));
  }

  #add(text: string | number): void {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime()) && Math.abs(date.getTime()) < 1e14)
      this.#seconds.add(date.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace('T', ' '));
  }
}

const thisYear = new Date().getUTCFullYear();
/** A time without a year is in the one before the line's arrival, which an envelope may state. */
const nearYears = [thisYear - 1, thisYear];

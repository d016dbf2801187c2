/** What carries a log's lines puts something around each. Taken off, the line is read as what it is. */
export interface Transport {
  /** Stable name, part of a layout's identity. */
  readonly name: string;
  readonly reference: string;
  readonly around: Prefix | JsonWrapper;
  /**
   * Whether a line that it is around is hardly anything else. The others look like the beginning of a line of text, and count
   * only where what they leave is in a format.
   */
  readonly isCertain: boolean;
}

export interface Prefix {
  /**
   * RE2 from the line's beginning. Named groups are values, as {@link carriedNames} calls them in a row; the group `line` is
   * what was carried.
   */
  readonly pattern: string;
}

export interface JsonWrapper {
  /** Keys of the text that was carried, of which the object's first is taken; a newline at its end is not part of it. */
  readonly textKeys: readonly string[];
  /** An object without one of these keys is something else; left out, any object may be meant. */
  readonly anyOf?: readonly string[];
  /** Only a text that is a JSON object itself is taken out. */
  readonly holds?: 'object';
  /** What its other keys are called in a row; those that are not named keep their name. */
  readonly names: Readonly<Record<string, string>>;
}

/** What a transport's value is called among those of its line. The first four stand in where the line has no such value. */
export const carriedNames: Readonly<Record<string, string>> = {
  time: 'transport.time',
  level: 'transport.level',
  service: 'transport.service',
  host: 'transport.host',
  stream: 'log.iostream',
  part: 'logtag',
  pid: 'process.pid',
};

/** A transport wraps each line of a log. The line is unwrapped and then read by its own format. */
export interface Transport {
  /** Stable name, part of a layout's identity. */
  readonly name: string;
  readonly reference: string;
  readonly around: Prefix | JsonWrapper;
  /**
   * Whether its lines are unambiguous. Other transports look like the beginning of a line of text, and count
   * only if the unwrapped line has a known format.
   */
  readonly isCertain: boolean;
  /** Whether it carries lines of many programs: one of them with a known form is enough. */
  readonly isMixed?: boolean;
}

export interface Prefix {
  /**
   * RE2 from the line's beginning. Named groups are values, named in a row by {@link carriedNames}; the group `line` is
   * the carried line.
   */
  readonly pattern: string;
}

export interface JsonWrapper {
  /** Keys of the carried text; the first one in the object is taken; a trailing newline is not part of it. */
  readonly textKeys: readonly string[];
  /** An object without any of these keys is something else; if omitted, any object fits. */
  readonly anyOf?: readonly string[];
  /** Only a text that is itself a JSON object is unwrapped. */
  readonly holds?: 'object';
  /** Whether a text with bytes that are not UTF-8, or not for a terminal, may be an array of its bytes. */
  readonly bytes?: boolean;
  /** Names of its other keys in a row; unlisted ones keep their name. */
  readonly names: Readonly<Record<string, string>>;
}

/** Names of a transport's values among those of its line. The first four are fallbacks for missing values. */
export const carriedNames: Readonly<Record<string, string>> = {
  time: 'transport.time',
  level: 'transport.level',
  service: 'transport.service',
  host: 'transport.host',
  stream: 'log.iostream',
  part: 'logtag',
};

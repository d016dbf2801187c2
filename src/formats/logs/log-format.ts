import type { KeyTable } from './known-keys.ts';

/**
 * A form of lines. A line is split by the first shape that recognises it; the resulting values,
 * each with a name, then become columns by the format's {@link KeyTable}.
 */
export type LogShape = TextShape | JsonShape;

export interface TextShape {
  /** Stored as `logs.shape`. */
  readonly name: string;
  /**
   * RE2 pattern from the line's beginning that recognises and splits it: each named group is a value. Without a
   * group `message` the whole line is the message.
   */
  readonly text: string;
}

export interface JsonShape {
  /** Stored as `logs.shape`; `fromKey`: the value of that key is the name. */
  readonly name: string | { readonly fromKey: string };
  /** The line is a JSON object that has all of these keys. A key that is null counts as absent. */
  readonly keys: readonly string[];
}

export interface LogFormat {
  /** Stable name: the value of `--format` and of `format.type`, and of `logs.source_format`. */
  readonly name: string;
  readonly title: string;
  /** The page on which the shapes are based. */
  readonly reference: string;
  /** Shapes of this format only; tried in this order, before those of every format. */
  readonly shapes: readonly LogShape[];
  /** Whether naming this format means that every line is a JSON object. */
  readonly json: boolean;
  readonly keys: KeyTable;
  /** The keys that the user named; see `with-names.ts`. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Objects whose keys count as if they were beside them, e.g. `attributes`. */
  readonly merged: readonly string[];
  /** Objects whose keys count as `object.key`, e.g. `log.level`. All other objects stay whole, as JSON. */
  readonly opened: readonly string[];
  /** Python writes `%(msecs)d`: then a fraction `.7` is 7 ms, not 700. */
  readonly bareMilliseconds: boolean;
}

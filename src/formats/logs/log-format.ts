import type { KeyTable } from './known-keys.ts';

/**
 * A way in which a line may be written. A line is taken apart by the first shape that recognises it; the values it gives,
 * each under a name, then become columns by the format's one {@link KeyTable}.
 */
export type LogShape = TextShape | JsonShape;

export interface TextShape {
  /** Stored as `logs.shape`. */
  readonly name: string;
  /**
   * RE2 pattern from the line's beginning that recognises it and takes it apart: each named group is a value. Without a
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
  /** The page that the shapes follow. */
  readonly reference: string;
  /** What only this format knows; tried in this order, before what every format knows. */
  readonly shapes: readonly LogShape[];
  /** Whether a person who names this format means that every line is a JSON object. */
  readonly json: boolean;
  readonly keys: KeyTable;
  /** Those of the keys that a person named; see `with-names.ts`. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Objects whose own keys take part as if they stood beside them, e.g. `attributes`. */
  readonly merged: readonly string[];
  /** Objects whose keys take part as `object.key`, e.g. `log.level`. All other objects stay whole, as JSON. */
  readonly opened: readonly string[];
  /** Python writes `%(msecs)d`: a fraction `.7` is 7 ms then, and not 700. */
  readonly bareMilliseconds: boolean;
}

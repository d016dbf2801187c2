/** From (inclusive) and to (exclusive), as offsets into the text of the file. */
export type Span = readonly [from: number, to: number];

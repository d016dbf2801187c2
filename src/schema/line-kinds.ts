/** `landing.kind`: the kind of a line, which decides its table. */
export const lineKinds = { row: 0, reject: 1, comment: 2, excluded: 3 } as const;

/** `landing.kind`: what a line is, and so which table it goes to. */
export const lineKinds = { row: 0, reject: 1, comment: 2, excluded: 3 } as const;

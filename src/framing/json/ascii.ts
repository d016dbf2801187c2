/** The bytes that structure JSON, and lines. */
export const [tab, newline, carriageReturn, blank] = [0x09, 0x0a, 0x0d, 0x20] as const;
export const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a] as const;
export const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d] as const;

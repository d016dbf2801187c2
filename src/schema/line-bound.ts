/** Longer lines are rejects, wherever they come from: no log has them, and each is held in memory as a whole several times. */
export const maxLineBytes = 4 * 1024 * 1024;

/** So much of the beginning of a line that is too long is kept in `rejects`. */
export const keptLineBytes = 64 * 1024;

export const tooLongReason = 'longer than 4 MiB; its first 64 KiB are kept';

/** SQL: whether a line is too long. */
export function isTooLong(line: string): string {
  return `length(${line}) > ${maxLineBytes}`;
}

/** SQL: what is kept of the text of a line that is rejected. */
export function keptText(line: string): string {
  return `if(${isTooLong(line)}, substring(${line}, 1, ${keptLineBytes}), ${line})`;
}

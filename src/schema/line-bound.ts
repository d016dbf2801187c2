/** Longer lines are rejects from any source: no log has them, and several whole copies of each are held in memory. */
export const maxLineBytes = 4 * 1024 * 1024;

/** Length of the prefix of a too-long line that is kept in `rejects`. */
export const keptLineBytes = 64 * 1024;

export const tooLongReason = 'longer than 4 MiB; its first 64 KiB are kept';

/** SQL: whether a line is too long. */
export function isTooLong(line: string): string {
  return `length(${line}) > ${maxLineBytes}`;
}

/** SQL: the kept part of a rejected line's text. */
export function keptText(line: string): string {
  return `if(${isTooLong(line)}, substring(${line}, 1, ${keptLineBytes}), ${line})`;
}

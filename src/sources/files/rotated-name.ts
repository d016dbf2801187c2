import { linearPattern } from '../../text/linear-pattern.ts';

/**
 * The name of a rotated file while it was written: `app.log` for `app.log.1`, `app.log-20261005`, `app-2026-10-05.log`,
 * `app.1.log`, `app.log.old` and any of them with `.gz`. Any other path is returned unchanged.
 */
export function unrotatedName(path: string): string {
  const plain = path.replace(/\.gz$/, '');
  const [before, extension = ''] = numbered.groups(plain) ?? dated.groups(plain) ?? aside.groups(plain) ?? [];
  return before === undefined ? plain : before + extension;
}

/** Whether a file of this name may be the other one after rotation: renamed, copied or compressed. */
export function isRotatedFrom(path: string, original: string): boolean {
  return path !== original && path !== unrotatedName(path) && unrotatedName(path) === unrotatedName(original);
}

/** At the end: a number or a date, `app.log.1`, `app.log-20261005`, `0.log.20261005-101500`. */
const numbered = linearPattern(String.raw`^(.*?[^/._-])[._-]\d[\dTZ._:-]*$`);
/** Before the extension: a date, or a number between dots, so that `worker-1.log` and `worker-2.log` stay distinct. */
const dated = linearPattern(String.raw`^(.*?[^/._-])(?:[._-]\d{4}-?\d\d[\dTZ._:-]*|\.\d+)(\.[A-Za-z]\w*)$`);
const aside = linearPattern(String.raw`^(.*[^/])\.(?:old|bak|prev)$`);

import { linearPattern } from '../../text/linear-pattern.ts';

/**
 * The name of a rotated file while it was written: `app.log` for `app.log.1`, `app.log-20261005`, `app-2026-10-05.log`,
 * `app.1.log`, `app.log.old` and any of them with `.gz`. Any other path is returned unchanged.
 */
export function unrotatedName(path: string): string {
  const plain = withoutGzip(path);
  const [before, extension = ''] = groupsOf(plain) ?? [];
  return before === undefined ? plain : before + extension;
}

/** The name of a file before it was compressed. */
export function withoutGzip(path: string): string {
  return path.endsWith('.gz') ? path.slice(0, -3) : path;
}

/** The end of a name excludes most patterns: matching all three takes 25 µs, of thousands of files a name each. */
function groupsOf(name: string): string[] | undefined {
  const mayBeNumbered = numberedEnds.includes(name.at(-1) ?? '');
  const hasExtension = /^[A-Za-z]/.test(name.slice(name.lastIndexOf('.') + 1));
  return (
    (mayBeNumbered ? numbered.groups(name) : undefined) ??
    (hasExtension ? (dated.groups(name) ?? aside.groups(name)) : undefined)
  );
}

/** Whether a file of this name may be the other one after rotation: renamed, copied or compressed. */
export function isRotatedFrom(path: string, original: string): boolean {
  return path !== original && path !== unrotatedName(path) && unrotatedName(path) === unrotatedName(original);
}

const numberedEnds = '0123456789TZ._:-';
/** At the end: a number or a date, `app.log.1`, `app.log-20261005`, `0.log.20261005-101500`. */
const numbered = linearPattern(String.raw`^(.*?[^/._-])[._-]\d[\dTZ._:-]*$`);
/** Before the extension: a date, or a number between dots, so that `worker-1.log` and `worker-2.log` stay distinct. */
const dated = linearPattern(String.raw`^(.*?[^/._-])(?:[._-]\d{4}-?\d\d[\dTZ._:-]*|\.\d+)(\.[A-Za-z]\w*)$`);
const aside = linearPattern(String.raw`^(.*[^/])\.(?:old|bak|prev)$`);

import { quote } from './secrecy.ts';

/** Keys and list positions from the top of the file, e.g. `['format', 'fields', 2]`. */
export type ConfigPath = readonly (string | number)[];

/** `format.fields[2]`; empty for the top of the file. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = /^[\w-]+$/.test(step) ? step : quote(step);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** For messages: {@link formatPath}, or a name for the top of the file. */
export function nameOfPath(path: ConfigPath): string {
  return path.length === 0 ? 'the configuration' : formatPath(path);
}

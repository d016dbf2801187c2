import { pathToFileURL } from 'node:url';

const mostCharacters = 500;

/** `write threw "TypeError: x is not a function" (my-module.ts:12)` */
export function describeThrown(what: string, thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${what} threw ${quoted(String(thrown))}`;
  const { name, message, stack = '' } = thrown;
  const place = stack.split('\n').find((line) => line.includes('file://') && !isOfOthers(line)) ?? '';
  const [, file, line] = /^([^\s:]+):(\d+):\d+\)?$/.exec(place.slice(place.lastIndexOf('/') + 1)) ?? [];
  const said = quoted(name === 'Error' ? message : `${name}: ${message}`);
  return `${what} threw ${said}${file === undefined ? '' : ` (${file}:${line})`}`;
}

/** Whether a line of a stack is not of the user's own files. */
function isOfOthers(line: string): boolean {
  return line.includes('/node_modules/') || line.includes(pathToFileURL(import.meta.dirname).href);
}

function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return `"${line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line}"`;
}

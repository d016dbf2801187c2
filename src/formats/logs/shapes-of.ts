import { linearPattern } from '../../text/linear-pattern.ts';
import { rememberLines } from '../../text/remember-lines.ts';
import { withoutColours } from '../../text/terminal-colours.ts';
import type { JsonShape, LogFormat, LogShape, TextShape } from './log-format.ts';
import { fewWords, textShapes } from './text/shapes.ts';

const anyJson: JsonShape = { name: 'json', keys: [] };

/** `logs.shape` of a line that matches no shape; all of it is the message. */
export const plainText = 'text';

/** All shapes in the order in which they are tried: streams of any format mix them. */
export function shapesOf(format: LogFormat): readonly LogShape[] {
  return [...format.shapes, anyJson, ...textShapes];
}

/**
 * Whether a shape of only this format recognises the line. For samples; the engine does the same.
 * @param keys of the line, as {@link objectKeys} gives them
 */
export function isOwnLine({ shapes }: LogFormat, line: string, keys: ReadonlySet<string> | undefined): boolean {
  return shapes.some((shape) =>
    'text' in shape ? !keys && hasShape(line, shape) : keys && shape.keys.every((key) => keys.has(key)),
  );
}

function hasShape(line: string, { text }: TextShape): boolean {
  return linearPattern(text).test(withoutColours(line));
}

/** Shapes of text with a time, and a level or a writer. */
const statedShapes = textShapes.filter(({ text }) => /\(\?<time>/.test(text) && /\(\?<(?:level|service)>/.test(text));

/** Whether a line of text is almost certainly an application's log. */
export function isStatedText(line: string): boolean {
  return statedShapes.some((shape) => hasShape(line, shape));
}

/** Whether a line of text begins with a time, a time of day, or a level and a time. */
export function isTimedText(line: string): boolean {
  return timedShapes.some((shape) => hasShape(line, shape));
}

const timedShapes = textShapes.filter(
  ({ text }) => /\(\?<time>|\\d\\d:\\d\\d:\\d\\d/.test(text) && !text.includes(fewWords),
);

/** Whether a line of text states its level, as applications' lines do, also those about requests. */
export function isLevelledText(line: string): boolean {
  return levelledShapes.some((shape) => hasShape(line, shape));
}

const levelledShapes = textShapes.filter(({ text }) => text.includes('(?<level>'));

/** Whether a line of text begins like an application's log: with a time or a level, or as an audit record. */
export function isToldText(line: string): boolean {
  return textShapes.some((shape) => hasShape(line, shape));
}

/** The keys of a JSON object that are not null; `undefined` when the line is not an object. */
export const objectKeys = rememberLines((line): ReadonlySet<string> | undefined => {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const entries = Object.entries(JSON.parse(line) as Readonly<Record<string, unknown>>);
    return new Set(entries.filter(([, value]) => value !== null).map(([key]) => key));
  } catch {
    return undefined;
  }
});

/** The names of a pattern's groups, in their order. */
export function groupNames(pattern: string): string[] {
  return [...pattern.matchAll(/\(\?<(\w+)>/g)].map(([, name = '']) => name);
}

/** The pattern for all versions of the engine: groups lose their names. */
export function re2Pattern(pattern: string): string {
  return pattern.replaceAll(/\(\?<\w+>/g, '(');
}

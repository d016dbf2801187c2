import { linearPattern } from '../text/linear-pattern.ts';

/**
 * The objects of a JSON document `{"<key>":[{…},{…}]}`, as text; of a truncated document, the complete ones.
 * @returns `undefined` if it does not begin this way
 */
export function sampleList(document: string, key: string): string[] | undefined {
  const [begin] = linearPattern(`^(\\s*\\{\\s*"${key}"\\s*:\\s*\\[)`).groups(document) ?? [];
  if (begin === undefined) return undefined;
  const objects: string[] = [];
  let [depth, start, isText] = [0, 0, false];
  for (let at = begin.length; at < document.length && objects.length < mostObjects; at++) {
    const character = document[at];
    if (isText) {
      if (character === '\\') at++;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '{' && depth++ === 0) start = at;
    else if (character === '}' && --depth === 0) objects.push(document.slice(start, at + 1));
  }
  return objects;
}

/** As many as detection looks at. */
const mostObjects = 50;

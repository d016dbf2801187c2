import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.ts';

/** Bounded, because code that walks a value recurses once per level. */
const maxDepth = 64;

/** Parses the JSON bodies of all routes, bounded in depth as the body limit bounds their length. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (depthOf(body) <= maxDepth) return parse(request, body, done);
    done(
      new ApiError(400, 'TAILRACE_REQUEST_INVALID', `cannot read the body: it is nested more than ${maxDepth} deep`, {
        remedy: 'Send flat values.',
      }),
    );
  });
}

/** Nesting depth of the objects and arrays of a JSON text. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  let isInText = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (isInText) {
      if (character === '\\') at++;
      else if (character === '"') isInText = false;
    } else if (character === '"') isInText = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.ts';

/** Whatever walks through a value calls itself for each level of it. */
const maxDepth = 64;

/** Reads JSON bodies, whoever asks for them: bounded in depth, as the body limit bounds their length. */
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

/** How deep the objects and arrays of a JSON text lie in each other. */
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

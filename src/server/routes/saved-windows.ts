import { z } from 'zod';
import { windowDefinition, windowName } from '../../config/sections/windows-section.ts';
import { ApiError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { readDefinition } from '../read-definition.ts';
import type { SavedWindows } from '../saved-windows.ts';
import { windowAnswer } from '../window-answer.ts';
import { describeAll, findWindow, windowPath } from './windows.ts';

export const saveWindowRoute: ApiRoute = {
  method: 'PUT',
  path: '/api/windows/{name}',
  audience: 'operator',
  operationId: 'saveWindow',
  summary: 'Save a continuous query, or change a saved one',
  description:
    'The body is an entry of windows in tailrace.yaml, without outputs: these name files and addresses, and stand in the configuration only. It is kept in the store and answered from now on; its results are a table and a stream. Queries of the configuration are not changed.',
  pathParameters: windowPath,
  body: { 'application/json': windowDefinition() },
  answer: { description: 'The query', content: { 'application/json': windowAnswer } },
  failures: [400, 409, 413, 415, 422, 429, 500, 503],
  async handler(context, request) {
    const name = readName((request.params as z.output<typeof windowPath>).name);
    const definition = readDefinition('definition', windowDefinition(), request.body);
    await savedOf(context).save({ name, ...definition, outputs: [] }, request.body);
    return (await describeAll(context, [findWindow(context, name)]))[0];
  },
};

export const deleteWindowRoute: ApiRoute = {
  method: 'DELETE',
  path: '/api/windows/{name}',
  audience: 'operator',
  operationId: 'deleteWindow',
  summary: 'Delete a saved continuous query',
  description: 'Its results can be asked for until they expire.',
  pathParameters: windowPath,
  answer: { description: 'It is deleted', content: { 'application/json': z.strictObject({ deleted: z.string() }) } },
  failures: [404, 409, 429, 500, 503],
  async handler(context, request) {
    const { name } = request.params as z.output<typeof windowPath>;
    await savedOf(context).remove(name);
    return { deleted: name };
  },
};

function readName(name: string): string {
  if (windowName.safeParse(name).success) return name;
  throw new ApiError(
    400,
    'TAILRACE_REQUEST_INVALID',
    `cannot use name "${name}": it is no name of a continuous query`,
    {
      remedy: 'Write at most 60 lower-case letters, digits and "_", beginning with a letter.',
    },
  );
}

function savedOf({ savedWindows }: ServerContext): SavedWindows {
  const saved = savedWindows();
  if (saved) return saved;
  throw new ApiError(503, 'TAILRACE_NOT_READY', 'cannot change continuous queries: the server is starting', {
    retryAfterSeconds: 1,
  });
}

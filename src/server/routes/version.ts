import { z } from 'zod';
import type { ApiRoute } from '../api-route.ts';

const versionAnswer = z.strictObject({
  tailrace: z.string(),
  node: z.string(),
  engine: z.strictObject({ kind: z.enum(['embedded', 'server']), version: z.string() }),
});

export const versionRoute: ApiRoute = {
  method: 'GET',
  path: '/version',
  operationId: 'getVersion',
  summary: 'Versions of the program and its engine',
  answer: { description: 'The versions', content: { 'application/json': versionAnswer } },
  failures: [],
  handler: ({ engine, version }) => ({
    tailrace: version,
    node: process.versions.node,
    engine: { kind: engine.kind, version: engine.version },
  }),
};

import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Output of the console's build, relative to both `src/server` and `dist/server`. */
export const builtConsole = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** Serves the console at `/`, or a page that explains how to build it. */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', (_request, reply) =>
      reply.code(503).header('content-type', 'text/html; charset=utf-8').send(notBuilt),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    // The build writes them as .br and .gz beside each file.
    preCompressed: true,
    // The report page is a template that the command `report` fills in; served empty it would show nothing.
    allowedPath: (path) => path !== '/report.html',
    setHeaders(reply, path) {
      // File names under assets/ contain a content hash.
      const isNamedByContent = path.includes(`${sep}assets${sep}`);
      reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tailrace</title>
<h1>The console is not built</h1>
<p>The server runs and answers <a href="/api/openapi.json">its API</a>; only the pages are missing.
<p>In a checkout run <code>npm run build</code>, then start the server again.
</html>
`;

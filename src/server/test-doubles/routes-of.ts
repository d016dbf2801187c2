/** `GET /a/{}` for each route of the tree that Fastify prints (`printRoutes`), i.e. what is really registered. */
export function routesOf(tree: string): string[] {
  const path: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split('\n')) {
    const match = /^((?:[│ ] {3})*)[├└]── (\S+)(?: \(([^)]+)\))?/.exec(line);
    if (!match) continue;
    const [, indent = '', part = '', methods = ''] = match;
    path.length = indent.length / 4;
    path.push(part);
    const url = path
      .join('')
      .replace(/^\/+/, '/')
      .replace(/:\w+(?:\|:\w+)*/g, '{}');
    const all = methods.split(', ').filter((method) => method !== '');
    // Every GET route answers HEAD as well.
    for (const method of all) if (method !== 'HEAD' || !all.includes('GET')) routes.push(`${method} ${url}`);
  }
  return routes;
}

/** `GET /a/{b}` for each route of a tree as Fastify prints it (`printRoutes`): what the router really has. */
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
      .replace(/:(\w+)/g, '{$1}');
    for (const method of methods.split(', ')) if (method !== '' && method !== 'HEAD') routes.push(`${method} ${url}`);
  }
  return routes;
}

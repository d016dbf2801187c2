/** Makes a view where there is none. */
export function createView(view: string): string {
  return view.replace('CREATE MATERIALIZED VIEW', 'CREATE MATERIALIZED VIEW IF NOT EXISTS');
}

/** Gives a view that exists its present query, without a moment in which it is away. */
export function changeView(view: string): string {
  const [, name, query] = / (\S+) TO \S+ AS\s([\s\S]*)$/.exec(view) ?? [];
  if (!name) throw new Error(`BUG: not a view that can be changed: ${view}`);
  return `ALTER TABLE ${name} MODIFY QUERY ${query}`;
}

/** Creates a view if it is missing. */
export function createView(view: string): string {
  return view.replace('CREATE MATERIALIZED VIEW', 'CREATE MATERIALIZED VIEW IF NOT EXISTS');
}

/** Gives an existing view its current query atomically, so that it is never missing. */
export function changeView(view: string): string {
  const [, name, query] = / (\S+) TO \S+ AS\s([\s\S]*)$/.exec(view) ?? [];
  if (!name) throw new Error(`BUG: not a view that can be changed: ${view}`);
  return `ALTER TABLE ${name} MODIFY QUERY ${query}`;
}

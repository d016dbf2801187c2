/** A part of a statement, as `EXPLAIN AST` writes it. */
export interface TreePart {
  /** E.g. `Function`, `Identifier`, `SelectQuery`. */
  readonly kind: string;
  /** Of a function, column or table; otherwise empty. */
  readonly name: string;
  readonly alias: string | undefined;
  readonly children: readonly TreePart[];
}

interface OpenPart extends TreePart {
  readonly children: OpenPart[];
}

/** @param text of `EXPLAIN AST`: a part per line, its depth as leading blanks, ` (alias x)` and ` (children n)` at the end */
export function readTree(text: string): TreePart {
  const root: OpenPart = { kind: '', name: '', alias: undefined, children: [] };
  const path: OpenPart[] = [root];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const depth = line.length - line.trimStart().length;
    const part = readPart(line.trim());
    path.length = Math.min(path.length, depth + 1);
    path.at(-1)?.children.push(part);
    path.push(part);
  }
  return root;
}

function readPart(line: string): OpenPart {
  const withoutCount = line.replace(/ \(children \d{1,9}\)$/, '');
  const kind = withoutCount.split(' ', 1)[0] ?? '';
  const rest = withoutCount.slice(kind.length + 1);
  const at = rest.lastIndexOf('(alias ');
  const alias = at !== -1 && rest.endsWith(')') ? rest.slice(at + '(alias '.length, -1) : undefined;
  const name = alias === undefined ? rest : rest.slice(0, Math.max(0, at - 1));
  return { kind, name, alias, children: [] };
}

/** All parts below this one, in their order in the text. */
export function partsOf(part: TreePart): TreePart[] {
  return part.children.flatMap((child) => [child, ...partsOf(child)]);
}

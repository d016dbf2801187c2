import type { Format } from '../../formats/format.ts';

/** A name says for which field it may serve, and how well: the field's 1-based place × 100 + the name's in its list. */
export const rolesPerField = 100;

/** Names with one role each. A name that may serve for several fields has its further roles in the tables that follow. */
export interface RoleTable {
  readonly names: readonly string[];
  readonly roles: readonly number[];
}

export function roleTables({ fields }: Format): RoleTable[] {
  const tables: Map<string, number>[] = [];
  for (const [place, { keys = [] }] of fields.entries()) {
    for (const [rank, key] of keys.entries()) {
      const table = tables.find((one) => !one.has(key)) ?? new Map<string, number>();
      table.set(key, (place + 1) * rolesPerField + rank);
      if (!tables.includes(table)) tables.push(table);
    }
  }
  return tables.map((table) => ({ names: [...table.keys()], roles: [...table.values()] }));
}

/** How a key is looked up: `X-Forwarded-For` is `x_forwarded_for`. */
export function keyName(key: string): string {
  return key.toLowerCase().replaceAll('-', '_');
}

/** SQL of the same. */
export function keyNameExpression(key: string): string {
  return `replaceAll(lower(${key}), '-', '_')`;
}

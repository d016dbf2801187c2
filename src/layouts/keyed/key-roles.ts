import type { Format } from '../../formats/format.ts';

/** Rank of a name for a field: the field's 1-based place × 100 + the name's place in the field's list. */
export const rolesPerField = 100;

/** Names with one role each. Further roles of a name that fits several fields are in the tables that follow. */
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

/** Normalises a key for look-up: `X-Forwarded-For` → `x_forwarded_for`. */
export function keyName(key: string): string {
  return key.toLowerCase().replaceAll('-', '_');
}

/** SQL of the same. */
export function keyNameExpression(key: string): string {
  return `replaceAll(lower(${key}), '-', '_')`;
}

import { keyColumn, placeColumns } from '../schema/object-place.ts';

/** Rows say where their object was; of those that were stored before it is not known. @param landings and the table last */
export function addPlace(...tables: readonly string[]): string[] {
  const stored = tables.at(-1) as string;
  return [
    ...tables.flatMap((table) =>
      Object.entries(placeColumns).map(([name, { type, codec, comment }]) => {
        const more = table === stored ? ` COMMENT '${comment}' CODEC(${codec})` : '';
        return `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${name} ${type}${more} AFTER filename`;
      }),
    ),
    `ALTER TABLE ${stored} ADD COLUMN IF NOT EXISTS ${keyColumn}`,
  ];
}

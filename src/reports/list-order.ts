import { quoteIdentifier } from '../schema/quote-identifier.ts';

const limit = '\nLIMIT {limit:UInt32}';
export const order = '\nORDER BY ';

/** Whether it is a list of values with their requests, of which `limit` asks for the first. */
export function isList(text: string): boolean {
  return text.endsWith(limit);
}

/**
 * Its SQL in another order, and from a later row on; what the new order leaves equal stays in its own.
 * @param sort name of a column, with `-` before it for the greatest first; empty for the report's own order
 */
export function orderList(text: string, sort: string, offset: number): string {
  const at = text.lastIndexOf(order);
  const isFalling = sort.startsWith('-');
  const by = sort === '' ? '' : `${quoteIdentifier(sort.slice(isFalling ? 1 : 0))}${isFalling ? ' DESC' : ''}, `;
  const ordered = text.slice(0, at) + order + by + text.slice(at + order.length);
  return offset === 0 ? ordered : `${ordered} OFFSET {offset:UInt32}`;
}

/** All rows of a list. */
export function withoutLimit(text: string): string {
  const at = text.lastIndexOf(limit);
  return at < 0 ? text : text.slice(0, at);
}

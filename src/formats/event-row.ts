import type { LogColumn } from '../schema/logs.ts';
import type { Level } from './logs/levels.ts';

/** How a line becomes a row of `logs`. */
export interface EventRow {
  /**
   * Texts of columns. `{name}` is the value of a field, `{one|other}` that of the first that is filled. What stands in
   * square brackets is left out unless all fields in it are filled. `{name~pattern}` is the first group of an RE2 pattern.
   */
  readonly columns: Readonly<Partial<Record<EventColumn, string>>> & { readonly message: string };
  /** The first rule that holds gives the level; INFO where none does. */
  readonly levels: readonly LevelRule[];
}

export type EventColumn = Extract<
  LogColumn,
  'message' | 'service' | 'host' | 'logger' | 'request_id' | 'trace_id' | 'event_id'
>;

export interface LevelRule {
  readonly level: Level;
  readonly field: string;
  /** RE2; without it the rule holds for any value. */
  readonly pattern?: string;
}

/** A part of a template: text, a value, or what stands or falls together. */
export type TemplatePart = string | TemplateValue | { readonly group: readonly (string | TemplateValue)[] };

export interface TemplateValue {
  /** Names of fields; the first that is filled is the value. */
  readonly fields: readonly string[];
  readonly pattern?: string;
}

/** Takes a text of {@link EventRow.columns} apart. */
export function parseTemplate(template: string): TemplatePart[] {
  const parts = [...template.matchAll(/\[([^[\]]*)\]|\{[^{}]*\}|[^[{]+/g)];
  return parts.map(([part, group]) => (group === undefined ? parsePart(part) : { group: flatParts(group) }));
}

function flatParts(text: string): (string | TemplateValue)[] {
  return (text.match(/\{[^{}]*\}|[^{]+/g) ?? []).map(parsePart);
}

function parsePart(part: string): string | TemplateValue {
  if (!part.startsWith('{')) return part;
  const [names = '', pattern] = part.slice(1, -1).split('~');
  const fields = names.split('|');
  return pattern === undefined ? { fields } : { fields, pattern };
}

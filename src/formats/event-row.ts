import type { LogColumn } from '../schema/logs.ts';
import type { Level } from './logs/levels.ts';

/** How a line becomes a row of `logs`. */
export interface EventRow {
  /**
   * Templates by column. `{name}` is the value of a field, `{one|other}` that of the first non-empty one. Text in
   * square brackets is omitted unless all its fields are filled. `{name~pattern}` is the first group of an RE2 pattern.
   */
  readonly columns: Readonly<Partial<Record<EventColumn, string>>> & { readonly message: string };
  /** The first matching rule gives the level; INFO if none matches. */
  readonly levels: readonly LevelRule[];
}

export type EventColumn = Extract<
  LogColumn,
  'message' | 'service' | 'host' | 'logger' | 'request_id' | 'trace_id' | 'event_id'
>;

export interface LevelRule {
  readonly level: Level;
  readonly field: string;
  /** RE2; without it the rule matches any value. */
  readonly pattern?: string;
}

/** A part of a template: text, a value, or a group that is shown or omitted as a whole. */
export type TemplatePart = string | TemplateValue | { readonly group: readonly (string | TemplateValue)[] };

export interface TemplateValue {
  /** Names of fields; the first non-empty one is the value. */
  readonly fields: readonly string[];
  readonly pattern?: string;
}

/** Parses a template of {@link EventRow.columns}. */
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

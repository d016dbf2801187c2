import { quoteString } from '../../engine/bound-parameter.ts';
import { parseTemplate, type TemplatePart, type TemplateValue } from '../../formats/event-row.ts';
import { decoded, named } from '../decode-expression.ts';
import { isNothing, type RawField } from '../raw-field.ts';

/** SQL of a template's text; a field that the layout does not have is empty. */
export function templateExpression(template: string, fields: readonly RawField[]): string {
  const text = joined(parseTemplate(template).map((part) => partExpression(part, fields)));
  return text === "''" ? text : `trimBoth(${text})`;
}

/** SQL of a field's value for display; `''` when the field is missing or empty. */
export function shownValue(name: string, fields: readonly RawField[]): string {
  const raw = fields.find(({ field, name: column }) => (field?.name ?? column) === name);
  if (!raw) return "''";
  const value = decoded(raw.value, raw.field?.encoding, false);
  return named(`if(${isNothing(raw.value)}, '', ${value})`, raw.field?.names);
}

function partExpression(part: TemplatePart, fields: readonly RawField[]): string {
  if (typeof part === 'string') return quoteString(part);
  if (!('group' in part)) return valueExpression(part, fields);
  const values = part.group.flatMap((inner) => (typeof inner === 'string' ? [] : [valueExpression(inner, fields)]));
  if (values.includes("''")) return "''";
  const text = joined(part.group.map((inner) => partExpression(inner, fields)));
  return `if(${values.map((value) => `${value} != ''`).join(' AND ')}, ${text}, '')`;
}

function valueExpression({ fields: names, pattern }: TemplateValue, fields: readonly RawField[]): string {
  const values = names.map((name) => shownValue(name, fields)).filter((value) => value !== "''");
  const [last = "''"] = values.splice(-1);
  const value = values.reduceRight((rest, one) => `if(${one} != '', ${one}, ${rest})`, last);
  return pattern === undefined || value === "''" ? value : `extract(${value}, ${quoteString(pattern)})`;
}

function joined(texts: readonly string[]): string {
  const said = texts.filter((text) => text !== "''");
  return said.length === 0 ? "''" : said.length === 1 ? (said[0] as string) : `concat(${said.join(', ')})`;
}

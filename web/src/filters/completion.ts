import { type Field, type Fields, findField } from '../../../src/filters/fields.ts';
import { termOf, textOfTerm } from './edit-filter.ts';

/** What the end of a text could become. */
export interface Suggestion {
  /** Shown. */
  readonly label: string;
  /** Muted, beside it. */
  readonly hint: string;
  /** The whole text with it. */
  readonly text: string;
}

/** What is being written: the name of a field, or a value of one. */
export type Writing =
  | { readonly of: 'name'; readonly before: string; readonly prefix: string }
  | { readonly of: 'value'; readonly before: string; readonly prefix: string; readonly field: Field };

const mostSuggestions = 8;

/** @returns undefined where nothing can be completed, such as within quotes */
export function readWriting(text: string, fields: Fields): Writing | undefined {
  if (text.split('"').length % 2 === 0) return undefined;
  const start = text.lastIndexOf(' ') + 1;
  const token = text.slice(start);
  const sign = token.startsWith('-') ? 1 : 0;
  const colon = token.indexOf(':');
  if (colon < 0) {
    const prefix = token.slice(sign);
    return prefix === '' ? undefined : { of: 'name', before: text.slice(0, start + sign), prefix };
  }
  const name = token.slice(sign, colon).toLowerCase();
  const field = findField(fields, fields.aliases.get(name) ?? name);
  if (!field) return undefined;
  const first = Math.max(colon, token.lastIndexOf('('), token.lastIndexOf(',')) + 1;
  return { of: 'value', before: text.slice(0, start + first), prefix: token.slice(first), field };
}

/** Those that begin so before those that have it within. */
export function suggestNames({ before, prefix }: Writing, fields: Fields): readonly Suggestion[] {
  const wanted = prefix.toLowerCase();
  const maps = [...fields.maps].map(([name, { description }]) => ({ name: `${name}.`, description }));
  const all = [...fields.byName.values(), ...maps].filter(({ name }) => name.includes(wanted));
  return all
    .toSorted((one, other) => Number(other.name.startsWith(wanted)) - Number(one.name.startsWith(wanted)))
    .slice(0, mostSuggestions)
    .map(({ name, description }) => ({
      label: name,
      hint: description,
      text: `${before}${name}${name.endsWith('.') ? '' : ':'}`,
    }));
}

export function suggestValues(
  { before, prefix }: Writing,
  field: Field,
  values: readonly string[],
  fields: Fields,
): readonly Suggestion[] {
  return values.slice(0, mostSuggestions).flatMap((value) => {
    const printed = textOfTerm(termOf(field.name, value, false, fields), fields);
    const text = printed.slice(printed.indexOf(':') + 1);
    return text === prefix ? [] : [{ label: value === '' ? '(none)' : value, hint: '', text: `${before}${text}` }];
  });
}

/** A result in ClickHouse's format `JSONCompact`, with `output_format_json_quote_64bit_integers = 1`. */
export interface CompactResult {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
}

export const rowsFormat = 'JSONCompact';
export const rowsSettings = { output_format_json_quote_64bit_integers: 1, output_format_json_quote_64bit_floats: 0 };

type Decode = (value: unknown) => unknown;

/**
 * Rows as objects. 64-bit and wider integers arrive as text, because JSON numbers would round them; they become
 * numbers where that is exact and otherwise stay decimal text, also inside arrays, maps and tuples.
 */
export function decodeRows(result: CompactResult): Record<string, unknown>[] {
  const columns = result.meta.map(({ name, type }) => ({ name, decode: decoderOf(type) }));
  return result.data.map((values) =>
    Object.fromEntries(columns.map(({ name, decode }, index) => [name, decode(values[index])])),
  );
}

const asIs: Decode = (value) => value;

const safeInteger: Decode = (value) => {
  if (typeof value !== 'string') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

function decoderOf(type: string): Decode {
  if (/^U?Int(64|128|256)$/.test(type)) return safeInteger;
  const [outer, inner] = splitType(type);
  if (inner.length === 0 || !/Int(64|128|256)/.test(type)) return asIs;
  switch (outer) {
    case 'Nullable':
    case 'LowCardinality':
      return decoderOf(inner[0] ?? '');
    case 'SimpleAggregateFunction':
      return decoderOf(inner[1] ?? '');
    case 'Array':
      return decodeArray(decoderOf(inner[0] ?? ''));
    case 'Map':
      return decodeObject(() => decoderOf(inner[1] ?? ''));
    case 'Tuple':
      return decodeTuple(inner);
    default:
      return asIs;
  }
}

function decodeArray(decode: Decode): Decode {
  return (value) => (Array.isArray(value) ? value.map(decode) : value);
}

function decodeObject(decodeOfKey: (key: string) => Decode): Decode {
  return (value) =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, element]) => [key, decodeOfKey(key)(element)]))
      : value;
}

/** A named tuple arrives as an object, an unnamed one as an array. */
function decodeTuple(elements: readonly string[]): Decode {
  const named = new Map(
    elements.flatMap((element) => {
      const match = /^(`[^`]+`|\w+) (.+)$/s.exec(element);
      return match?.[1] && match[2] ? [[match[1].replaceAll('`', ''), decoderOf(match[2])] as const] : [];
    }),
  );
  if (named.size > 0) return decodeObject((key) => named.get(key) ?? asIs);
  const decoders = elements.map(decoderOf);
  return (value) => (Array.isArray(value) ? value.map((element, index) => (decoders[index] ?? asIs)(element)) : value);
}

/** `Map(String, UInt64)` → `['Map', ['String', 'UInt64']]`. */
function splitType(type: string): [outer: string, inner: string[]] {
  const open = type.indexOf('(');
  if (open === -1 || !type.endsWith(')')) return [type, []];
  const inner: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let i = start; i < type.length; i++) {
    const char = type.charAt(i);
    if (char === '(') depth++;
    if ((char === ',' || i === type.length - 1) && depth === 0) {
      inner.push(type.slice(start, i).trim());
      start = i + 1;
    }
    if (char === ')') depth--;
  }
  return [type.slice(0, open), inner];
}

import { quoteString } from '../engine/bound-parameter.ts';
import { firstAddressPattern } from '../formats/address-patterns.ts';
import type { LoggedColumn } from '../schema/requests.ts';
import { percentDecoded, unescaped } from './decode-expression.ts';
import type { RawField } from './raw-field.ts';

/** A value that fills several columns: what is worked out once a line, and the SQL of each column. */
export interface ValueParts {
  /** SQL by name; a later one may use the names of those before it. */
  readonly steps: readonly (readonly [name: string, sql: string])[];
  readonly columns: readonly (readonly [column: LoggedColumn, sql: string])[];
  /** SQL of what is kept in `extra` under the field's name, where the parts do not say all of it. */
  readonly remainder?: string;
}

export function valueParts(raw: RawField): ValueParts | undefined {
  if (raw.field?.type === 'request-line') return requestLine(raw);
  if (raw.field?.type === 'address' && raw.field.column) return address(raw, raw.field.column);
  if (raw.field?.type === 'url') return url(raw);
  if (raw.field?.type === 'forwarded-address') return forwardedAddress(raw);
  if (raw.field?.type === 'trace-id' && raw.field.column) return traceId(raw, raw.field.column);
  return undefined;
}

/** More is allowed than any method has; what a torn line begins with is allowed too then. */
const method = quoteString('^([A-Za-z][A-Za-z_-]*|-)$');
const protocol = quoteString('^HTTP/[0-9.]+$');
const scheme = quoteString('^([A-Za-z][A-Za-z0-9+.-]*)://');
/** Servers escape it: a part of the line was lost, or never written. */
const torn = quoteString('[\\x00-\\x1f\\x7f"]');
const authority = quoteString('^[A-Za-z][A-Za-z0-9+.-]*://(\\C*?)(?:[/?]|$)');

/**
 * Cut at the first and the last blank. `GET /` has no protocol; in `- http://host:80- -`, which load balancers write for
 * what they could not read, a dash stands for method, path and protocol.
 */
function requestLine({ field, value, parsedAs: p }: RawField): ValueParts {
  const target = targetParts(p);
  return {
    steps: [
      [`${p}_line`, `trimBoth(${field?.encoding === 'backslash' ? unescaped(value) : value})`],
      [`${p}_words`, `splitByChar(' ', ${p}_line)`],
      [`${p}_good`, `length(${p}_words) > 1 AND match(${p}_words[1], ${method})`],
      [
        `${p}_last`,
        `if(match(${p}_words[-1], ${protocol}) OR (length(${p}_words) > 2 AND ${p}_words[-1] = '-'), ${p}_words[-1], '')`,
      ],
      [
        `${p}_url`,
        `if(${p}_good, trimRight(substring(${p}_line, length(${p}_words[1]) + 2,
           length(${p}_line) - length(${p}_words[1]) - 1 - length(${p}_last))), '')`,
      ],
      ...target.steps,
    ],
    columns: [
      ['method', `toLowCardinality(if(${p}_good AND ${p}_words[1] != '-', ${p}_words[1], ''))`],
      ...target.columns,
      ['http_version', `toLowCardinality(if(${p}_good AND ${p}_last != '-', ${p}_last, ''))`],
    ],
    remainder: `if(${p}_good AND NOT ${p}_torn, '', ${value})`,
  };
}

/** Other fields may say another host than an absolute URL does. */
function url({ field, value, parsedAs: p }: RawField): ValueParts {
  const { steps, columns } = targetParts(p);
  const sent = field?.encoding === 'backslash' ? unescaped(value) : value;
  return { steps: [[`${p}_url`, sent], ...steps], columns, remainder: `if(${p}_scheme = '', '', ${value})` };
}

/** What a URL, the value of the step `<p>_url`, says. */
function targetParts(p: string): Required<Pick<ValueParts, 'steps' | 'columns'>> {
  const at = `position(${p}_target, '?')`;
  const absolute = `${p}_scheme != ''`;
  return {
    steps: [
      [`${p}_scheme`, `extract(${p}_url, ${scheme})`],
      [`${p}_authority`, `if(${absolute}, extract(${p}_url, ${authority}), '')`],
      [`${p}_torn`, `${p}_authority != '' AND match(${p}_authority, ${torn})`],
      [
        `${p}_target`,
        `if(${absolute}, substring(${p}_url, length(${p}_scheme) + length(${p}_authority) + 4), if(${p}_url = '-', '', ${p}_url))`,
      ],
    ],
    columns: [
      ['scheme', `toLowCardinality(lower(${p}_scheme))`],
      // The port is taken off, and so is the dash that stands for the path of a request that could not be read.
      ['host', `toLowCardinality(if(${p}_torn, '', replaceRegexpOne(${p}_authority, ':[0-9]*-?$', '')))`],
      ['path', percentDecoded(`if(${at} = 0, ${p}_target, substring(${p}_target, 1, ${at} - 1))`)],
      ['query', `if(${at} = 0, '', substring(${p}_target, ${at} + 1))`],
    ],
  };
}

function address({ value, parsedAs: p }: RawField, column: LoggedColumn): ValueParts {
  const bare = `if(${p}_port = '', ${value}, substring(${value}, 1, length(${value}) - length(${p}_port) - 1))`;
  return {
    steps: [[`${p}_port`, `extract(${value}, ':([0-9]+)$')`]],
    columns: [
      [column, `if(${value} = '-', '', trim(BOTH '[]' FROM ${bare}))`],
      ...(column === 'client_ip' ? ([['client_port', `toUInt16OrNull(${p}_port)`]] as const) : []),
    ],
  };
}

/** A value after a blank that follows no comma is the last proxy's address; all before it came in a header. */
const proxy = quoteString('[^,] ([^ ]+)$');
const firstAddress = quoteString(firstAddressPattern);
const portedAddress = quoteString('^(?:[0-9.]+|\\[.*\\]):([0-9]+)$');

function forwardedAddress({ value, parsedAs: p }: RawField): ValueParts {
  const isList = `position(${p}_header, ',') > 0 OR (${p}_proxy != '' AND ${p}_first != '')`;
  return {
    steps: [
      [`${p}_proxy`, `extract(${value}, ${proxy})`],
      [
        `${p}_header`,
        `trim(BOTH '"' FROM if(${p}_proxy = '', ${value}, substring(${value}, 1, length(${value}) - length(${p}_proxy) - 1)))`,
      ],
      [
        `${p}_first`,
        `if(${p}_header IN ('-', 'unknown', ''), ${p}_proxy, if(position(${p}_header, ',') = 0, ${p}_header, extract(${p}_header, ${firstAddress})))`,
      ],
      [`${p}_port`, `extract(${p}_first, ${portedAddress})`],
    ],
    columns: [
      [
        'client_ip',
        `trim(BOTH '[]' FROM if(${p}_port = '', ${p}_first, substring(${p}_first, 1, length(${p}_first) - length(${p}_port) - 1)))`,
      ],
      ['client_port', `toUInt16OrNull(${p}_port)`],
      ['forwarded_for', `if((${isList}) AND ${p}_header NOT IN ('-', 'unknown'), ${p}_header, '')`],
    ],
    remainder: `if(${p}_proxy = ${p}_first, '', ${p}_proxy)`,
  };
}

const root = quoteString('(?:^|;) *Root=(\\C+?)(?:;|$)');

function traceId({ value, parsedAs: p }: RawField, column: LoggedColumn): ValueParts {
  return {
    steps: [[`${p}_root`, `extract(${value}, ${root})`]],
    columns: [[column, `if(${p}_root != '', ${p}_root, if(${value} = '-', '', ${value}))`]],
    remainder: `if(${p}_root = '' OR ${value} = concat('Root=', ${p}_root), '', ${value})`,
  };
}

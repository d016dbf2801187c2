import { z } from 'zod';
import { countEdits, nearestName } from '../../text/nearest-name.ts';
import { fieldNotes } from '../field-note.ts';
import { text } from '../fields.ts';

/** What the configuration needs of a log format; entries of the format catalogue satisfy it. */
export interface FormatChoice {
  readonly name: string;
  /**
   * Known fields, to recognise a misspelt column; an unknown column is kept, since vendors add some. Absent for formats
   * of applications, whose lines have no configurable columns.
   */
  readonly fields?: readonly { readonly name: string }[];
}

/** Format of the lines of a pipeline. */
export interface FormatConfig {
  /** A {@link FormatChoice}'s name. */
  readonly type: string;
  /** The columns, in the order of the lines. */
  readonly fields?: readonly string[];
  readonly delimiter?: string;
  /** ARN of the real-time log configuration that names the columns; `fields` is then absent. */
  readonly from?: string;
  /** For application formats: key names by column, tried before the known ones. */
  readonly names?: Readonly<Partial<Record<NamedColumn, readonly string[]>>>;
}

type NamedColumn = 'time' | 'level' | 'message';

const arn = /^arn:aws[a-z-]*:cloudfront::\d{12}:realtime-log-config\/\S+$/;

/** Formats whose columns a vendor's API returns; only they accept `from`. */
const described = new Set(['cloudfront-realtime']);

/** `format:` of a pipeline whose lines have no header and cannot be detected. Its output is {@link FormatConfig}. */
export function formatSection([first, ...others]: readonly FormatChoice[]) {
  if (first === undefined) throw new Error('BUG: the catalogue of formats is empty');
  return z.discriminatedUnion('type', [formatOption(first), ...others.map(formatOption)]);
}

function formatOption({ name, fields }: FormatChoice) {
  const type = z.literal(name);
  if (fields !== undefined) return columnarOption(name, fields);
  return z.strictObject({
    type,
    names: z
      .strictObject({
        time: keys('when').exactOptional().describe('Keys that tell the time of a line, the best first.'),
        level: keys('sev').exactOptional().describe('Keys that tell its level.'),
        message: keys('what').exactOptional().describe('Keys that tell what it says.'),
      })
      .exactOptional()
      .describe(
        'Keys of JSON lines that are not known, or mean something else; they come before those that are known.',
      ),
  });
}

const mostKeys = 50;

function keys(example: string) {
  return z
    .array(text('a key', example))
    .min(1)
    .max(mostKeys)
    .register(fieldNotes, { expects: `a list of 1 to ${mostKeys} keys`, example: `[${example}]` });
}

function columnarOption(name: string, fields: NonNullable<FormatChoice['fields']>) {
  const from = text('the ARN of a real-time log configuration', exampleArn).regex(arn).exactOptional();
  return z
    .strictObject({
      type: z.literal(name),
      fields: columns(fields.map((field) => field.name))
        .exactOptional()
        .describe('The columns, in the order in which the lines have them.'),
      delimiter: z
        .string()
        .min(1)
        .max(5)
        .register(fieldNotes, { expects: 'one to five characters', example: String.raw`"\t"` })
        .refine((written) => written !== String.raw`\t`, {
          message: 'it is a backslash and a letter, not a tab',
          params: { remedy: String.raw`write "\t" in double quotes` },
        })
        .exactOptional()
        .describe('What stands between two columns.'),
      ...(described.has(name)
        ? { from: from.describe('Takes the columns from this CloudFront real-time log configuration (its ARN).') }
        : {}),
    })
    .refine((written) => written.fields === undefined || written.from === undefined, {
      message: 'it has both fields and from',
      params: { remedy: 'keep from to ask CloudFront for the columns, or fields to list them' },
    });
}

const exampleArn = 'arn:aws:cloudfront::123456789012:realtime-log-config/edge';

/** At least three times what any vendor has; bounded, as each is compared with all known fields. */
const mostColumns = 500;

function columns(known: readonly string[]) {
  const example = known[0] ?? 'timestamp';
  return z
    .array(text('a column name', example).regex(/^\S+$/))
    .min(1)
    .register(fieldNotes, { expects: 'a list of column names', example: `[${known.slice(0, 2).join(', ')}]` })
    .superRefine((written, context) => {
      if (written.length > mostColumns) {
        const params = { remedy: 'list the columns of one line' };
        context.addIssue({ code: 'custom', message: `it has more than ${mostColumns} columns`, params });
        return;
      }
      written.forEach((name, index) => {
        const problem = columnProblem(name, written.indexOf(name) < index, known);
        if (problem === undefined) return;
        const { cause: message, remedy } = problem;
        context.addIssue({ code: 'custom', message, params: { remedy }, path: [index] });
      });
    });
}

function columnProblem(name: string, isRepeated: boolean, known: readonly string[]) {
  if (isRepeated) return { cause: 'the column is named twice', remedy: 'a column occurs once; remove one of the two' };
  if (known.some((candidate) => spelling(candidate) === spelling(name))) return undefined;
  // Beyond that distance it may be a field that the vendor has added since.
  const nearest = nearestName(name, known);
  if (nearest === undefined || countEdits(name, nearest) > 1) return undefined;
  return { cause: 'no such column is known', remedy: `write ${nearest}` };
}

/** Headers, Parquet and the API spell one field `cs(Cookie)`, `cs_cookie` and `cs-cookie`. */
function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

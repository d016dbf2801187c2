import { findFormat, formats } from '../formats/catalog.ts';
import { findLogFormat, logFormats } from '../formats/logs/catalog.ts';
import type { GivenNames } from '../formats/logs/with-names.ts';
import type { InputHints } from '../layouts/find-layout.ts';
import { hintsOf, type LayoutChoice } from '../layouts/layout-choice.ts';
import { readRealtimeLogConfig } from '../sources/aws/read-realtime-log-config.ts';
import { nearestName } from '../text/nearest-name.ts';
import { type Arguments, textOption, UsageError } from './command.ts';

export const layoutOptions = {
  format: { type: 'string' },
  fields: { type: 'string' },
  'fields-from': { type: 'string' },
  delimiter: { type: 'string' },
  names: { type: 'string' },
} as const;

export const layoutHelp = `  --format NAME    ${[...formats, ...logFormats].map(({ name }) => name).join(' | ')}; default: detected from each file
  --fields LIST    names of the columns, separated by commas, for files that do not name them
  --fields-from ARN  take the columns from this real-time log configuration
  --delimiter D    what separates the columns; \\t for a tab
  --names LIST     keys of an application's JSON that are not known: time=KEY,level=KEY,message=KEY`;

/** The layout options of the command line, resolved for the commands that read files. */
export async function readLayoutHints(args: Arguments): Promise<InputHints> {
  return hintsOf(await readLayoutChoice(args));
}

/** Reads the layout options of the command line. */
export async function readLayoutChoice(args: Arguments): Promise<LayoutChoice> {
  const name = textOption(args, 'format');
  const logFormat = name === undefined ? undefined : findLogFormat(name);
  if (name !== undefined && !findFormat(name) && !logFormat) {
    const names = [...formats, ...logFormats].map((candidate) => candidate.name);
    const nearest = nearestName(name, names);
    throw new UsageError(
      `there is no format "${name}"${nearest ? `; did you mean "${nearest}"?` : `; there are ${names.join(', ')}`}`,
    );
  }
  const names = readNames(textOption(args, 'names'));
  if (names && !logFormat) throw new UsageError('give --names with the --format of an application, e.g. json-lines');
  const arn = textOption(args, 'fields-from');
  const fields = textOption(args, 'fields');
  if (arn !== undefined && fields !== undefined) throw new UsageError('give either --fields or --fields-from');
  const configured = arn === undefined ? undefined : await readRealtimeLogConfig(arn);
  const columns = configured?.fields ?? fields?.split(',').map((field) => field.trim());
  const delimiter = textOption(args, 'delimiter')?.replaceAll('\\t', '\t');
  return {
    ...(name === undefined ? {} : { format: name }),
    ...(names ? { names } : {}),
    ...(columns ? { columns } : {}),
    ...(delimiter ? { delimiter } : {}),
    ...(configured ? { samplingRate: configured.samplingRate } : {}),
  };
}

const namedColumns = ['time', 'level', 'message'] as const;

/** Reads `time=when,time=at,level=sev` into keys by column, in order of preference. */
function readNames(list: string | undefined): GivenNames | undefined {
  if (list === undefined) return undefined;
  const names: Partial<Record<(typeof namedColumns)[number], string[]>> = {};
  for (const pair of list.split(',')) {
    const [written = '', ...key] = pair.split('=');
    const column = namedColumns.find((name) => name === written.trim());
    if (!column || key.join('=').trim() === '') {
      throw new UsageError(
        `--names has "${pair}"; write ${namedColumns.join(', ')} with a key behind it, e.g. time=when`,
      );
    }
    names[column] = [...(names[column] ?? []), key.join('=').trim()];
  }
  return names;
}

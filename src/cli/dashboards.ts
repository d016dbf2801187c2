import { defaults } from '../config/defaults.ts';
import { type IndexOfDashboards, searchDashboards } from '../dashboards/search-dashboards.ts';
import { namings } from '../destinations/opensearch/field-naming.ts';
import { indexPatterns } from '../destinations/opensearch/index-name.ts';
import { chooseSearch } from './chosen-search.ts';
import { type Arguments, type Command, exitCodes, textOption, UsageError } from './command.ts';
import { print } from './print.ts';

export const dashboardsCommand: Command = {
  usage:
    'tailrace dashboards opensearch [NAME | --index PATTERN [--fields NAMING]] [--config FILE] > dashboards.ndjson',
  options: { index: { type: 'string' }, fields: { type: 'string' }, config: { type: 'string' } },
  help: `Prints an index pattern, charts and dashboards for OpenSearch Dashboards 1 to 3 and Kibana 7, to import in their
management of saved objects. They are over the documents of the destination NAME, of type opensearch.

Options:
  --index PATTERN  indexes that no destination here fills, for example 'realtime-*'; the configuration is not read
  --fields NAMING  names of the fields in these: native, ecs or cloudfront; default ${defaults.destinations.opensearch.fields}
  --config FILE    configuration; default tailrace.yaml, if it is there`,
  async run(args) {
    const [kind, name, ...others] = args.positionals;
    if (kind !== 'opensearch' || others.length > 0) {
      throw new UsageError('dashboards wants the word opensearch and at most one NAME');
    }
    const objects = searchDashboards(namedIndex(args) ?? (await configuredIndex(args, name)));
    print(...objects.map((object) => JSON.stringify(object)));
    return exitCodes.fine;
  },
};

function namedIndex(args: Arguments): IndexOfDashboards | undefined {
  const [pattern, naming] = [textOption(args, 'index'), textOption(args, 'fields')];
  if (pattern === undefined) {
    if (naming !== undefined) throw new UsageError('--fields is for --index; a destination has its own');
    return undefined;
  }
  if (args.positionals.length > 1) throw new UsageError('name either a destination or --index');
  const [name] = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*/.exec(pattern) ?? [];
  if (name === undefined || !/^[a-z0-9._,*-]{1,1000}$/.test(pattern)) {
    throw new UsageError(
      `--index wants a pattern of indexes in lower case, for example realtime-*; found "${pattern}"`,
    );
  }
  const fields = namings.find((known) => known === (naming ?? defaults.destinations.opensearch.fields));
  if (fields === undefined) throw new UsageError(`--fields wants one of ${namings.join(', ')}; found "${naming}"`);
  return { name, pattern, fields };
}

async function configuredIndex(args: Arguments, named: string | undefined): Promise<IndexOfDashboards> {
  const { name, index, rotation, fields, tables } = await chooseSearch(args, named);
  if (!tables.includes('requests')) {
    throw new Error(`cannot make dashboards of "${name}": it has no requests; add them to its tables`);
  }
  return { name: index, pattern: indexPatterns(index, rotation).join(','), fields };
}

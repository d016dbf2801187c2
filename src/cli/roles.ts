import { chooseSearch } from './chosen-search.ts';
import { type Command, exitCodes, isSet, UsageError } from './command.ts';
import { print } from './print.ts';

export const rolesCommand: Command = {
  usage: 'tailrace roles opensearch [NAME] [--config FILE] [--json]',
  options: { config: { type: 'string' }, json: { type: 'boolean' } },
  help: `Prints what must be granted to the identity with which the destination NAME, of type opensearch, delivers: a role of the security
plugin and its mapping, as requests for Dev Tools, and on AWS the access policy of the domain or collection. Words in
capitals are for you to replace. Nothing is contacted.

Options:
  --config FILE    configuration; default tailrace.yaml, if it is there
  --json           print one object, with each body by where it belongs`,
  async run(args) {
    const [kind, name, ...others] = args.positionals;
    if (kind !== 'opensearch' || others.length > 0) {
      throw new UsageError('roles wants the word opensearch and at most one NAME');
    }
    const destination = await chooseSearch(args, name);
    if (destination.apiKey !== undefined) {
      throw new Error(
        `cannot print roles for "${destination.name}": its API key is one of Elasticsearch; grant the key monitor and manage_index_templates on the cluster, create_doc and auto_configure on its indexes, for keep also monitor and delete_index`,
      );
    }
    const { grantsOf } = await import('../destinations/opensearch/delivery-grants.ts');
    const grants = grantsOf(destination);
    if (isSet(args, 'json')) print(JSON.stringify(Object.fromEntries(grants.map(({ to, body }) => [to, body]))));
    else print(...grants.flatMap(({ to, body }, index) => [...(index > 0 ? [''] : []), ...render(to, body)]));
    return exitCodes.fine;
  },
};

/** What is not a request is a comment in Dev Tools. */
function render(to: string, body: object): string[] {
  return [to.startsWith('PUT ') ? to : `# ${to}`, ...JSON.stringify(body, undefined, 2).split('\n')];
}

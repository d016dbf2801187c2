import { chooseSearch } from './chosen-search.ts';
import { type Command, exitCodes, UsageError } from './command.ts';
import { print, tell } from './print.ts';

/** Long enough for a first connection through a proxy. */
const timeoutMs = 20_000;

export const templateCommand: Command = {
  usage: 'tailrace template [NAME] [--config FILE]',
  options: { config: { type: 'string' } },
  help: `Prints the index template that the destination NAME, of type opensearch, would install, for whoever must install it by hand.
The types of some fields depend on the version of the cluster, which is asked for it. Where to install it is told on
standard error.

Options:
  --config FILE    configuration; default tailrace.yaml, if it is there`,
  async run(args) {
    const [name, ...others] = args.positionals;
    if (others.length > 0) throw new UsageError(`template takes one NAME; found "${others[0]}" too`);
    const destination = await chooseSearch(args, name);
    const { Cluster } = await import('../destinations/opensearch/cluster.ts');
    const { probeCluster } = await import('../destinations/opensearch/cluster-version.ts');
    const { createIndexTemplate, templatePath } = await import('../destinations/opensearch/index-template.ts');
    const version = await probeCluster(new Cluster(destination), AbortSignal.timeout(timeoutMs));
    tell(`tailrace: PUT ${destination.url}${templatePath(destination.index)}`);
    print(...JSON.stringify(createIndexTemplate(destination, version), undefined, 2).split('\n'));
    return exitCodes.fine;
  },
};

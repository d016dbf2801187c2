import type { OpensearchDestinationConfig } from '../config/sections/destinations/opensearch-destination.ts';
import type { DestinationConfig } from '../config/sections/destinations-section.ts';
import { type Arguments, textOption, UsageError } from './command.ts';
import { readConfig } from './configured-store.ts';

type SearchConfig = OpensearchDestinationConfig & Pick<DestinationConfig, 'name'>;

/**
 * The destination of type opensearch with that name; without a name, the only one.
 * @throws UsageError when it is not clear which one is meant
 */
export async function chooseSearch(args: Arguments, name: string | undefined): Promise<SearchConfig> {
  const { config, file } = await readConfig(textOption(args, 'config'));
  const all = config.destinations.filter(
    (destination): destination is SearchConfig & DestinationConfig => destination.type === 'opensearch',
  );
  const names = all.map((destination) => destination.name).join(', ');
  if (names === '') {
    throw new UsageError(
      `${file ?? 'tailrace.yaml'} has no destination of type opensearch; name another --config FILE`,
    );
  }
  const [chosen, ...others] = name === undefined ? all : all.filter((destination) => destination.name === name);
  if (!chosen) throw new UsageError(`there is no destination "${name}" of type opensearch; name one of ${names}`);
  if (others.length > 0)
    throw new UsageError(`there are several destinations of type opensearch; name one of ${names}`);
  return chosen;
}

import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/config-schema.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { isLoopback } from '../config/loopback.ts';
import { readersToken } from '../server/access/request-access.ts';
import { type Checked, checkConfig } from './check-config.ts';
import { type Arguments, type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import { readConfig } from './configured-store.ts';
import { loadSources } from './load-sources.ts';
import { print } from './print.ts';
import { namedDirectory } from './store-option.ts';

/** Long enough for a first connection through a proxy, short enough to wait for. */
const timeoutMs = 20_000;

export const checkCommand: Command = createCheckCommand(loadSources);

export function createCheckCommand(load: typeof loadSources): Command {
  return {
    usage: 'tailrace check [--config tailrace.yaml] [--offline] [--json]',
    options: { config: { type: 'string' }, offline: { type: 'boolean' }, json: { type: 'boolean' } },
    help: `Reads the file, creates every source, destination, output of windows, receiver of alerts and the lake, and checks that each is
reachable and permitted; names missing permissions.
Nothing is read, stored, sent or left behind. Exits with 1 when there is a problem.

Options:
  --config FILE    configuration; default tailrace.yaml, if it is there
  --offline        reads the file and creates everything, but contacts nothing
  --json           print one object`,
    async run(args) {
      if (args.positionals.length > 0) {
        throw new UsageError(`check takes no words, only options; found "${args.positionals[0]}"`);
      }
      const json = isSet(args, 'json');
      const loaded = await readChecked(args).catch((error: unknown) => {
        if (!json || !(error instanceof ConfigError)) throw error;
        return error;
      });
      if (loaded instanceof ConfigError) {
        print(JSON.stringify({ fine: false, file: loaded.file, problems: loaded.problems.map(withoutExcerpt) }));
        return exitCodes.failed;
      }
      const offline = isSet(args, 'offline');
      const createSource = await load(loaded.config.pipelines);
      const checked = await checkConfig(loaded.config, { createSource, offline, timeoutMs });
      const { lake, store } = checked;
      const fine = [...namedOf(checked), ...(lake ? [lake] : []), store].every(({ problems }) => problems.length === 0);
      print(
        ...(json
          ? [JSON.stringify({ fine, offline, ...describe(loaded, checked) })]
          : render(loaded, checked, offline)),
      );
      return fine ? exitCodes.fine : exitCodes.failed;
    },
  };
}

/** Reads the configuration as `up` does. */
async function readChecked(args: Arguments): Promise<LoadedConfig> {
  const loaded = await readConfig(textOption(args, 'config'));
  const path = namedDirectory(args);
  return path === undefined ? loaded : { ...loaded, config: { ...loaded.config, store: { kind: 'embedded', path } } };
}

function withoutExcerpt({ line, column, path, message }: ConfigError['problems'][number]) {
  return { line, column, path, message };
}

/** What has a name, in the order in which it is told. */
function namedOf({ pipelines, destinations, outputs, notifications }: Checked) {
  return [...pipelines, ...destinations, ...outputs, ...notifications];
}

function describe({ config, file }: LoadedConfig, checked: Checked) {
  const { pipelines, destinations, outputs, notifications, lake, store } = checked;
  const ofNamed = ({ name, of, problems }: Checked['pipelines'][number]) => ({ name, type: of, problems });
  return {
    file: file ?? null,
    pipelines: pipelines.map(ofNamed),
    destinations: destinations.map(ofNamed),
    outputs: outputs.map(ofNamed),
    notifications: notifications.map(ofNamed),
    ...(lake ? { lake: { location: lake.of, problems: lake.problems } } : {}),
    store: { location: store.of, problems: store.problems },
    server: {
      url: addressOf(config.server),
      token: config.server.token !== undefined,
      readersToken: readersToken(config.server) !== undefined,
    },
  };
}

/** One line per pipeline, destination, output and receiver, then lake, store, address and access. */
function render({ config, file }: LoadedConfig, checked: Checked, offline: boolean): string[] {
  const { pipelines, lake, store } = checked;
  const { host, token, allowedHosts = [] } = config.server;
  const named = namedOf(checked);
  const width = Math.max(0, ...named.map(({ name }) => name.length));
  const lines = named.flatMap(({ name, problems }) => {
    const [first = 'fine', ...others] = problems;
    return [`${name.padEnd(width)}   ${first}`, ...others.map((problem) => `${' '.repeat(width)}   ${problem}`)];
  });
  const reach = isLoopback(host) ? 'this machine' : 'everyone who can reach it';
  const read = readersToken(config.server);
  return [
    ...(lines.length > 0 ? [...lines, ''] : []),
    `configuration: ${file ?? 'the defaults, since there is no tailrace.yaml here'}`,
    ...(pipelines.length > 0 ? [] : ['pipelines: none; logs arrive by "tailrace ingest" and over HTTP']),
    ...(lake ? describeOne('lake', lake) : []),
    ...describeOne('store', store),
    `listens on: ${addressOf(config.server)}, for ${reach}`,
    `takes logs ${token ? 'with server.token' : 'without a token'}; answers ${read ? `with ${read.setting}` : 'without a token'}`,
    ...(isLoopback(host) ? [] : [`answers for the hosts: ${[host, ...allowedHosts].join(', ')}`]),
    ...(offline ? ['nothing was contacted (--offline)'] : []),
  ];
}

function describeOne(name: string, { of, problems }: Checked['store']): string[] {
  return (problems.length > 0 ? problems : [of]).map((text) => `${name}: ${text}`);
}

function addressOf({ host, port }: Config['server']): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

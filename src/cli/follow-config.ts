import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/config-schema.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Pipelines } from '../pipeline/run-pipelines.ts';
import { definePipelines } from './pipeline-definitions.ts';
import { type ConfigWatch, watchConfig } from './watch-config.ts';

export interface FollowOptions {
  /** Reads the configuration again, as at the start. */
  readonly load: (file?: string) => Promise<LoadedConfig>;
  /** The running pipelines. */
  readonly running: LoadedConfig;
  readonly apply: Pipelines['apply'];
  /** Reports to the operator. */
  readonly say: (text: string) => void;
}

/**
 * Applies changes of the configuration file to the pipelines; its other sections, which concern the process itself,
 * take effect at the next start. Started without a file, SIGHUP checks whether one exists by now.
 */
export function followConfig(options: FollowOptions): ConfigWatch {
  const { file } = options.running;
  return file === undefined ? awaitFile(options) : watchFile(file, options);
}

function watchFile(file: string, { load, running, apply, say }: FollowOptions): ConfigWatch {
  return watchConfig(file, () => load(file), {
    changed: ({ config }) => takeOver(file, config, running.config, { apply, say }),
    rejected: (error) => say(`${explain(error)}\nthe previous configuration stays in force`),
  });
}

function awaitFile(options: FollowOptions): ConfigWatch {
  const { load, running, say } = options;
  let watch: ConfigWatch | undefined;
  let isOver = false;
  const look = async () => {
    const found = await load();
    if (watch || isOver) return;
    if (found.file === undefined) return say('SIGHUP: there is still no configuration file here; the defaults go on');
    watch = watchFile(found.file, options);
    process.off('SIGHUP', onSignal);
    await takeOver(found.file, found.config, running.config, options);
  };
  const onSignal = () => void look().catch((error: unknown) => say(`${explain(error)}\nthe defaults go on`));
  process.on('SIGHUP', onSignal);
  return {
    close() {
      isOver = true;
      process.off('SIGHUP', onSignal);
      watch?.close();
    },
  };
}

async function takeOver(
  file: string,
  config: Config,
  running: Config,
  { apply, say }: Pick<FollowOptions, 'apply' | 'say'>,
): Promise<void> {
  await apply(await definePipelines(config.pipelines));
  const { pipelines: _, ...rest } = config;
  const { pipelines: __, ...before } = running;
  const needsStart = JSON.stringify(rest) !== JSON.stringify(before);
  say(
    `configuration "${file}" taken over${needsStart ? '; what changed outside pipelines holds from the next start on' : ''}`,
  );
}

function explain(error: unknown): string {
  return error instanceof ConfigError ? error.render() : (error as Error).message;
}

import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/config-schema.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { planAlerts } from './alert-plan.ts';
import { definePipelines } from './pipeline-definitions.ts';
import type { Apply } from './serve.ts';
import { type ConfigWatch, watchConfig } from './watch-config.ts';

export interface FollowOptions {
  /** Reads the configuration again, as at the start. */
  readonly load: (file?: string) => Promise<LoadedConfig>;
  /** What the process was started with. */
  readonly running: LoadedConfig;
  readonly apply: Apply;
  /** Reports to the operator. */
  readonly say: (text: string) => void;
}

/** Sections whose changes are applied at once. */
const followed = ['pipelines', 'windows', 'alerts', 'notifications', 'maintenance'] as const satisfies (keyof Config)[];

/**
 * Applies changes of the configuration file; sections that concern the process itself take effect at the next start. Started without a file, SIGHUP checks whether one exists by now.
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
  // Made before any is applied, since making one may fail.
  const pipelines = await definePipelines(config.pipelines);
  const plan = await planAlerts({ ...config, server: running.server });
  await apply.pipelines(pipelines);
  await apply.windows(config.windows);
  await apply.alerts(plan);
  const needsStart = JSON.stringify(unfollowed(config)) !== JSON.stringify(unfollowed(running));
  say(
    `configuration "${file}" taken over${needsStart ? `; what changed outside ${followed.join(', ')} holds from the next start on` : ''}`,
  );
}

function unfollowed(config: Config): Partial<Config> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !followed.some((one) => one === name)));
}

function explain(error: unknown): string {
  return error instanceof ConfigError ? error.render() : (error as Error).message;
}

import { open, readdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { nearestName } from '../text/nearest-name.ts';
import { ConfigError } from './config-error.ts';
import type { Config, SchemaOptions } from './config-schema.ts';
import { defaultConfig } from './default-config.ts';
import type { Environment } from './interpolation.ts';

export interface LoadOptions {
  /** As the user gave it; default `tailrace.yaml` in the working directory, which may be absent. */
  readonly file?: string | undefined;
  readonly workingDirectory: string;
  readonly environment: Environment;
  /** The catalogue of formats, loaded when there is a file. */
  readonly formats: () => Promise<SchemaOptions['formats']>;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Absolute; absent when there is no file and the defaults apply. */
  readonly file?: string;
}

const usualName = 'tailrace.yaml';

// Far above any configuration, so that a log file given by mistake is not read into memory.
const mostBytes = 128 * 1024;

/** Reads the configuration file, or returns the defaults if none is named or found. Throws {@link ConfigError}. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { environment, formats, workingDirectory } = options;
  const name = options.file ?? usualName;
  const file = resolve(workingDirectory, name);
  const baseDirectory = dirname(file);
  try {
    const text = decode(await readStart(file));
    const { parseConfig } = await import('./parse-config.ts');
    return { config: parseConfig(text, { file: name, baseDirectory, environment, formats: await formats() }), file };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
    const nearby = isAbsent ? await nearbyFile(file, options.file !== undefined) : undefined;
    if (isAbsent && options.file === undefined && nearby === undefined) {
      return { config: defaultConfig(baseDirectory) };
    }
    const message = `cannot read configuration "${name}": ${explain(error, isAbsent, nearby)}`;
    throw new ConfigError(name, [{ path: '', message }]);
  }
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(mostBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length > mostBytes) break;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

class Unsuitable extends Error {}

function decode(bytes: Buffer): string {
  if (bytes.length > mostBytes) throw new Unsuitable('it is larger than 128KiB; name a configuration file, not a log');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Falls through to the same error: text in another encoding has either invalid bytes or zeros.
  }
  throw new Unsuitable('it is not UTF-8 text; save it as UTF-8');
}

/** A file in the same folder that may have been meant: `tailrace.yml`, `tailrcae.yaml`. */
async function nearbyFile(file: string, wasNamed: boolean): Promise<string | undefined> {
  const entries = await readdir(dirname(file)).catch((): string[] => []);
  const candidates = entries.filter((entry) => /\.ya?ml$/.test(entry));
  const withoutSuffix = (name: string) => name.replace(/\.ya?ml$/, '');
  const wanted = withoutSuffix(basename(file));
  const same = candidates.find((entry) => withoutSuffix(entry) === wanted);
  // No file was named: one with a similar name may be a backup copy, and is not a reason to stop.
  if (same !== undefined || !wasNamed) return same;
  const nearest = nearestName(wanted, candidates.map(withoutSuffix));
  return candidates.find((entry) => withoutSuffix(entry) === nearest);
}

function explain(error: unknown, isAbsent: boolean, nearby: string | undefined): string {
  if (isAbsent) {
    const remedy = nearby === undefined ? 'check the path' : `did you mean "${nearby}" beside it? rename it or name it`;
    return `there is no such file; ${remedy}`;
  }
  if (error instanceof Unsuitable) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it; change its owner or its mode (chmod)';
  if (code === 'EISDIR') return `it is a directory; name the file in it, for example ${usualName}`;
  return `${message}; check the file and its disk`;
}

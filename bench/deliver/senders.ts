import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is to be delivered, and where to. */
export interface Delivery {
  readonly url: string;
  readonly index: string;
  /** A folder of its own. */
  readonly folder: string;
}

/** A program that delivers the documents. */
export interface Sender {
  readonly name: string;
  /** Writes its configuration. @returns the command that delivers, and may run on afterwards */
  prepare(delivery: Delivery): Promise<readonly [command: string, ...args: string[]]>;
}

/** Delivers what is stored, from the beginning. */
export function tailrace(store: string): Sender {
  return {
    name: 'tailrace',
    async prepare({ url, index, folder }) {
      const path = join(folder, 'tailrace.yaml');
      await writeFile(
        path,
        `
store: { path: "${store}" }
server: { port: 0 }
destinations:
  ${index}: { type: opensearch, url: "${url}", index: ${index}, rotation: none, tables: [requests], from: beginning, compression: none }
`,
      );
      return [process.execPath, script('../../dist/cli/tailrace.cjs'), 'up', '--config', path];
    },
  };
}

/** The official client of OpenSearch, as `client-loop.ts` uses it. */
export function client(name: string, mode: 'loop' | 'helper' | 'bare' | 'bare-ids', documents: string): Sender {
  return {
    name,
    prepare: async ({ url, index }) => [
      process.execPath,
      ...['--import', 'tsx', script('client-loop.ts')],
      ...['--mode', mode, '--url', url, '--index', index, '--documents', documents],
    ],
  };
}

const cache = process.env.TAILRACE_SERVICES_CACHE ?? join(homedir(), '.cache', 'tailrace-services');

/** Undefined when it is not installed. */
export function filebeat(documents: string): Sender | undefined {
  const program = join(cache, 'filebeat-7.17.29');
  if (!existsSync(program)) return undefined;
  return {
    name: 'Filebeat 7.17',
    async prepare({ url, index, folder }) {
      const path = join(folder, 'filebeat.yml');
      await mkdir(join(folder, 'data'));
      // As Elastic advises for throughput: large bulks, several of them at once, a queue that feeds them.
      await writeFile(
        path,
        `
filebeat.inputs:
  - { type: filestream, id: documents, paths: ["${documents}"], parsers: [{ ndjson: { target: "", overwrite_keys: true } }] }
processors: [{ drop_fields: { fields: [agent, ecs, host, input, log], ignore_missing: true } }]
queue.mem: { events: 16384, flush.min_events: 2048, flush.timeout: 1s }
output.elasticsearch: { hosts: ["${url}"], index: "${index}", worker: 4, bulk_max_size: 2048 }
setup: { template.enabled: false, ilm.enabled: false }
path.data: "${folder}/data"
logging.level: error
`,
        { mode: 0o600 },
      );
      return [program, '-e', '-c', path, '--strict.perms=false'];
    },
  };
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { AddressMask } from './example-logs/address-mask.ts';
import { parseApacheLog } from './example-logs/apache-log.ts';
import { edgeLogFiles } from './example-logs/edge-log-files.ts';
import { loadEdges } from './example-logs/edges.ts';
import { gzip } from './example-logs/gzip.ts';
import { listFiles } from './example-logs/list-files.ts';
import { maskLog } from './example-logs/mask-log.ts';
import { readSource } from './example-logs/read-source.ts';
import { SimulatedEdge } from './example-logs/simulated-edge.ts';
import { apacheSource, genuineSources } from './example-logs/sources.ts';
import { spreadTimes } from './example-logs/spread-times.ts';

/**
 * Makes `examples/logs` from published logs: `npx tsx scripts/make-example-logs.ts --source DIR`, where DIR holds each
 * as `<owner>+<repository>/<path>`. The README.md there says what is made of what.
 */
const target = fileURLToPath(new URL('../examples/logs/', import.meta.url));

const { values } = parseArgs({ options: { source: { type: 'string' } } });
if (values.source === undefined)
  throw new Error('cannot make example logs: no --source DIR; name the folder that holds the published logs');
const addresses = new AddressMask();
await makeGenuine(values.source);
await makeSimulatedEdge(values.source);
await listFiles(target);

async function makeGenuine(source: string): Promise<void> {
  await rm(join(target, 'genuine'), { recursive: true, force: true });
  for (const genuine of genuineSources) {
    const bytes = await readSource(source, genuine);
    const packed = genuine.path.endsWith('.gz');
    const masked = maskLog(packed ? gunzipSync(bytes) : bytes, addresses);
    await mkdir(join(target, 'genuine', genuine.folder), { recursive: true });
    await writeFile(join(target, 'genuine', genuine.folder, basename(genuine.path)), packed ? gzip(masked) : masked);
  }
}

async function makeSimulatedEdge(source: string): Promise<void> {
  const directory = join(target, 'simulated-edge');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const requests = parseApacheLog(await readSource(source, apacheSource));
  const edge = new SimulatedEdge(await loadEdges(), addresses);
  const rows = [...spreadTimes(requests)].map(([request, atMs]) => edge.serve(request, atMs));
  for (const { name, content } of edgeLogFiles(rows)) await writeFile(join(directory, name), gzip(content));
}

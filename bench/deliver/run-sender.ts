import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds } from '../process-tree.ts';
import type { SearchNode } from './search-node.ts';
import type { Sender } from './senders.ts';

export interface DeliveryRun {
  readonly sender: string;
  /** Documents that are there more than once. */
  readonly twice: number;
  /** From the first to the last document that the node has indexed. */
  readonly seconds: number;
  /** Of the sender from its start, and of the node meanwhile. */
  readonly cpuSeconds: number;
  readonly nodeCpuSeconds: number;
}

interface DeliveryOptions {
  readonly index: string;
  /** As the sender leaves them when undefined. */
  readonly mappings?: object;
  readonly documents: number;
  readonly work: string;
  readonly nodePid: number;
}

const pollMs = 20;
const mostMs = 600_000;

/**
 * Lets a sender deliver into a new index of the given mappings, and watches the node.
 * @throws Error when it ends early, or the index lacks documents afterwards
 */
export async function runSender(
  sender: Sender,
  node: SearchNode,
  { index, mappings, documents, work, nodePid }: DeliveryOptions,
): Promise<DeliveryRun> {
  if (mappings) await node.ask('PUT', `/${index}`, { mappings });
  const folder = await mkdtemp(join(work, 'sender-'));
  const [command, ...args] = await sender.prepare({ url: node.url, index, folder });
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4000);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const deadline = Date.now() + mostMs;
    let startedAt = performance.now();
    let cpu = 0;
    let nodeCpuBefore = 0;
    for (let indexed = 0; indexed < documents; ) {
      if (indexed === 0) {
        startedAt = performance.now();
        nodeCpuBefore = cpuSeconds(nodePid);
      }
      await sleep(pollMs);
      cpu = Math.max(cpu, cpuSeconds(child.pid ?? 0));
      const hasEnded = child.exitCode !== null;
      indexed = await node.indexed(index);
      if (indexed < documents && (hasEnded || Date.now() > deadline)) {
        throw new Error(`${sender.name} delivered ${indexed} of ${documents} documents: ${log}`);
      }
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const nodeCpuSeconds = cpuSeconds(nodePid) - nodeCpuBefore;
    const found = await node.count(index);
    if (found < documents) throw new Error(`${sender.name} left ${found} documents instead of ${documents}`);
    return { sender: sender.name, twice: found - documents, seconds, cpuSeconds: cpu, nodeCpuSeconds };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

import { Cluster } from '../destinations/opensearch/cluster.ts';
import { probeCluster } from '../destinations/opensearch/cluster-version.ts';
import { ilmPolicy, ismPolicy } from '../destinations/opensearch/lifecycle-policy.ts';
import { deleteIndexes, type Keep, type OwnIndex, planIndexes } from '../destinations/opensearch/old-indexes.ts';
import { chooseSearch } from './chosen-search.ts';
import { type Arguments, exitCodes, isSet, textOption, UsageError } from './command.ts';
import { print } from './print.ts';
import { printBytes } from './quantity-text.ts';

const timeoutMs = 300_000;

type SearchConfig = Awaited<ReturnType<typeof chooseSearch>>;

/** Deletes indexes of an OpenSearch destination, or prints a policy that does. @returns the exit code */
export async function retainSearch(args: Arguments, name: string | undefined): Promise<number> {
  const destination = await chooseSearch(args, name);
  const keep = readKeep(args, destination);
  const policy = textOption(args, 'policy');
  if (policy !== undefined) return printPolicy(policy, destination, keep);
  const { rotation, index } = destination;
  if (rotation === 'none' || rotation === 'stream') {
    throw new Error(
      `cannot delete indexes of "${index}": its rotation is ${rotation}, so that none is of one time; print a policy with --policy`,
    );
  }
  const cluster = new Cluster(destination);
  const signal = AbortSignal.timeout(timeoutMs);
  const { expiring, kept } = await planIndexes(cluster, destination, keep, signal);
  const isDry = isSet(args, 'dry-run');
  const deleted = isDry ? [] : await deleteIndexes(cluster, expiring, signal);
  if (isSet(args, 'json')) print(JSON.stringify({ deleted, expiring, kept }));
  else
    print(
      ...(isDry ? expiring : deleted).map((own) => `${describe(own)}; ${isDry ? 'to be deleted' : 'deleted'}`),
      ...kept.map((own) => `${describe(own)}; stays`),
      ...(expiring.length === 0 ? ['nothing is due'] : []),
    );
  return exitCodes.fine;
}

function readKeep(args: Arguments, { keep }: SearchConfig): Keep {
  const days = readCount(args, 'days');
  const indices = readCount(args, 'indices');
  if (days !== undefined || indices !== undefined) {
    return { ...(days === undefined ? {} : { days }), ...(indices === undefined ? {} : { indices }) };
  }
  if (keep) return keep;
  throw new UsageError('retain opensearch wants --days N or --indices N, or "keep" in the destination');
}

function readCount(args: Arguments, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`--${name} wants a number from 1; found "${text}"`);
  return count;
}

async function printPolicy(policy: string, destination: SearchConfig, { days }: Keep): Promise<number> {
  if (days === undefined) throw new UsageError('--policy wants --days N, or "keep" with days in the destination');
  if (policy !== 'ism' && policy !== 'ilm') throw new UsageError(`--policy wants ism or ilm; found "${policy}"`);
  const requests =
    policy === 'ism'
      ? ismPolicy(destination, days)
      : ilmPolicy(destination, await probeCluster(new Cluster(destination), AbortSignal.timeout(20_000)), days);
  print(
    ...requests.flatMap(({ to, body }, index) => [
      ...(index > 0 ? [''] : []),
      to,
      ...JSON.stringify(body, undefined, 2).split('\n'),
    ]),
  );
  return exitCodes.fine;
}

function describe({ name, documents, bytes }: OwnIndex): string {
  return `${name}: ${documents.toLocaleString('en')} documents, ${printBytes(bytes)}`;
}

import { emptyBooks } from '../../ledger/books.ts';
import type { IngestResult } from '../../pipeline/ingest-files.ts';
import type { IngestNews, IngestRequest } from '../../server/file-ingests.ts';
import type { FilesProgress } from '../../sources/files/user-files.ts';
import { errorMessage, type ServerAddress } from '../running-server.ts';

/** Well below the server's body limit. */
const mostBodyBytes = 256 * 1024;

const nothing: IngestResult = { files: 0, known: 0, bytes: 0, ...emptyBooks, failed: [], drifts: [] };

/**
 * Has a running server store files, with the same progress and result as an ingest by this process.
 * @throws Error when the server refuses or exits; what it stored until then stays stored
 */
export async function handOver(
  server: ServerAddress,
  request: IngestRequest,
  onProgress: (progress: FilesProgress) => void = () => {},
): Promise<IngestResult> {
  let total = nothing;
  for (const paths of inParts(request.paths)) {
    const before = total;
    const part = await handOverPart(server, { ...request, paths }, (progress) => onProgress(sum(before, progress)));
    const { failed, drifts } = before;
    total = { ...sum(before, part), failed: [...failed, ...part.failed], drifts: [...drifts, ...part.drifts] };
  }
  return total;
}

function* inParts(paths: readonly string[]): Generator<string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    part.push(path);
    bytes += Buffer.byteLength(JSON.stringify(path)) + 1;
    if (bytes < mostBodyBytes) continue;
    yield part;
    [part, bytes] = [[], 0];
  }
  if (part.length > 0) yield part;
}

function sum(one: FilesProgress, other: FilesProgress): FilesProgress {
  const keys = Object.keys({ files: 0, known: 0, bytes: 0, ...emptyBooks }) as (keyof FilesProgress)[];
  return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as unknown as FilesProgress;
}

async function handOverPart(
  server: ServerAddress,
  request: IngestRequest,
  onProgress: (progress: FilesProgress) => void,
): Promise<IngestResult> {
  const answer = await fetch(`${server.url}/api/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.ownToken}` },
    body: JSON.stringify(request),
  });
  if (!answer.ok || !answer.body) throw new Error(await errorMessage(answer));
  try {
    for await (const line of linesOf(answer.body)) {
      const news = JSON.parse(line) as IngestNews;
      if ('result' in news) return news.result;
      if ('error' in news) throw new Error(news.error.message);
      onProgress(news.progress);
    }
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    // `fetch` throws this when the connection breaks, so the answer is incomplete.
  }
  throw new Error(`cannot learn what was stored: the server at ${server.url} ended; run the command again`);
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

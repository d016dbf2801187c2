import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startService } from '../../test/services/start-service.ts';
import { cpuSeconds } from '../process-tree.ts';
import { directoryBytes } from './directory-bytes.ts';
import { askAll, type PeerResult } from './peer-result.ts';
import type { PreparedRows } from './prepared-rows.ts';
import { logsQlQuestions, type Needles } from './questions.ts';

/** Two requests at a time, since each is parsed by one thread; then all that is buffered is written. */
export async function runVictoriaLogs(rows: PreparedRows, needles: Needles, data: string): Promise<PeerResult> {
  const service = await startService('victorialogs', { data });
  const cpu = (): number => cpuSeconds(service.pid);
  const send = async (path: string, options: RequestInit = {}): Promise<string> => {
    const response = await fetch(`${service.url}${path}`, options);
    const text = await response.text();
    if (!response.ok) throw new Error(`cannot ask VictoriaLogs "${path}": ${response.status} ${text.slice(0, 500)}`);
    return text;
  };
  const ask = async (query: string): Promise<string[]> => {
    const answer = await send('/select/logsql/query', { method: 'POST', body: new URLSearchParams({ query }) });
    return answer.split('\n').filter((line) => line !== '');
  };
  try {
    const files = await Promise.all(rows.json.map((path) => readFile(path)));
    const cpuBefore = cpu();
    const startedAt = performance.now();
    const connection = async (): Promise<void> => {
      for (let body = files.pop(); body !== undefined; body = files.pop()) {
        const path = '/insert/jsonline?_time_field=time&_msg_field=path&_stream_fields=distribution';
        await send(path, { method: 'POST', body, headers: { 'content-encoding': 'gzip' } });
      }
    };
    await Promise.all([connection(), connection()]);
    await send('/internal/force_flush');
    const ingest = { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: cpu() - cpuBefore };
    const [counted] = await ask(logsQlQuestions(needles).count);
    const stored = Number((JSON.parse(counted ?? '{}') as { ct?: string }).ct);
    if (stored !== rows.rows) throw new Error(`cannot trust VictoriaLogs: it stored ${stored} of ${rows.rows} rows`);
    const answers = await askAll(logsQlQuestions(needles), async (query) => (await ask(query)).length, cpu);
    await send('/internal/force_merge');
    return { name: 'VictoriaLogs 1.52.1', ingest, storedBytes: await settled(data), answers };
  } finally {
    await service.stop();
  }
}

/** Size of the data once it has not changed for three seconds. */
async function settled(data: string): Promise<number> {
  let bytes = -1;
  for (let quiet = 0; quiet < 3; ) {
    const now = await directoryBytes(data);
    quiet = now === bytes ? quiet + 1 : 0;
    bytes = now;
    await sleep(1000);
  }
  return bytes;
}

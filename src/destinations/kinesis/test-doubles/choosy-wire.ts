import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface PutRecords {
  readonly Records: readonly { readonly PartitionKey: string; readonly Data: string }[];
}

/** What becomes of a request: it passes, is answered so, or passes and its answer is lost. */
export type Fate = 'passes' | 'unanswered' | { readonly status: number; readonly body: unknown };

/** As the service refuses a request. */
export function refusal(name: string, message = 'not today', status = 400): Fate {
  return { status, body: { __type: name, message } };
}

export interface ChoosyWire {
  readonly url: string;
  /** Keys of the records of each PutRecords request, as they came. */
  readonly puts: string[][];
  /** @param action `PutRecords` */
  fate: (action: string) => Fate;
  /** Code of the error of a record, which then does not pass. @param times how often it came before */
  fault: (key: string, times: number) => string | undefined;
}

/** Between the SDK and a Kinesis server: refuses requests, and single records of them, as the service does when it is throttled. */
export async function startChoosyWire(target: string): Promise<ChoosyWire> {
  const times = new Map<string, number>();
  const server = createServer(async (incoming, outgoing) => {
    const action = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const body = await buffer(incoming);
    if (action === 'PutRecords') wire.puts.push(keysOf(body));
    const fate = wire.fate(action);
    if (typeof fate === 'object') {
      outgoing.writeHead(fate.status, { 'content-type': 'application/x-amz-json-1.1' });
      outgoing.end(JSON.stringify(fate.body));
      return;
    }
    const [status, answer] = action === 'PutRecords' ? await putSome(incoming, body) : await pass(incoming, body);
    if (fate === 'unanswered') return incoming.socket.destroy();
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const wire: ChoosyWire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    puts: [],
    fate: () => 'passes',
    fault: () => undefined,
  };

  async function putSome(incoming: IncomingMessage, body: Buffer): Promise<[number, unknown]> {
    const request: PutRecords = JSON.parse(body.toString());
    const faults = request.Records.map(({ PartitionKey }) => {
      const before = times.get(PartitionKey) ?? 0;
      times.set(PartitionKey, before + 1);
      return wire.fault(PartitionKey, before);
    });
    const passing = request.Records.filter((_, index) => faults[index] === undefined);
    const onward = Buffer.from(JSON.stringify({ ...request, Records: passing }));
    const [status, answer] = passing.length > 0 ? await pass(incoming, onward) : [200, { Records: [] }];
    const taken = [...((answer as { Records?: unknown[] }).Records ?? [])];
    if (status !== 200) return [status, answer];
    const Records = faults.map((code) => (code ? { ErrorCode: code, ErrorMessage: 'Rate exceeded' } : taken.shift()));
    return [200, { FailedRecordCount: Records.length - passing.length, Records }];
  }

  async function pass({ headers }: IncomingMessage, body: Buffer): Promise<[number, unknown]> {
    const names = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'];
    const passed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
    const response = await fetch(target, { method: 'POST', headers: passed, body: Buffer.from(body) });
    return [response.status, await response.json()];
  }

  return wire;
}

function keysOf(body: Buffer): string[] {
  return (JSON.parse(body.toString()) as PutRecords).Records.map(({ PartitionKey }) => PartitionKey);
}

/**
 * Delivers a file of JSON lines with the official client of OpenSearch.
 *
 *   npx tsx bench/deliver/client-loop.ts --mode loop|helper|bare|bare-ids --url URL --index NAME --documents FILE
 *
 * `loop`: 5,000 lines are read, parsed and given to `client.bulk`, one request after the other. `helper`: the client's own
 * helper, which sends 5 MB requests, five at a time. `bare`: bodies that were made before, four requests at a time without
 * the client: what the node takes at most; `bare-ids` gives each document an id, as whoever repeats requests must.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Client } from '@opensearch-project/opensearch';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'loop' },
    url: { type: 'string', default: '' },
    index: { type: 'string', default: '' },
    documents: { type: 'string', default: '' },
  },
});
const { mode, url, index, documents } = values;
const linesOfRequest = 5000;
const requestsAtOnce = 4;

if (mode.startsWith('bare')) await sendBare();
else if (mode === 'helper') await sendByHelper();
else await sendInLoop();

function lines(): AsyncIterable<string> {
  return createInterface({ input: createReadStream(documents, { highWaterMark: 1024 * 1024 }) });
}

async function sendInLoop(): Promise<void> {
  const client = new Client({ node: url });
  let body: object[] = [];
  const send = async () => {
    const { body: answer } = await client.bulk({ body });
    if (answer.errors) throw new Error('the node refused documents');
    body = [];
  };
  for await (const line of lines()) {
    body.push({ create: { _index: index } }, JSON.parse(line));
    if (body.length === 2 * linesOfRequest) await send();
  }
  if (body.length > 0) await send();
  await client.close();
}

async function sendByHelper(): Promise<void> {
  const client = new Client({ node: url });
  async function* parsed(): AsyncGenerator<object> {
    for await (const line of lines()) yield JSON.parse(line);
  }
  await client.helpers.bulk({
    datasource: parsed(),
    onDocument: () => ({ create: { _index: index } }),
    onDrop: () => {
      throw new Error('the node refused a document');
    },
  });
  await client.close();
}

async function sendBare(): Promise<void> {
  const actionOf = (_id: number) => {
    const create = mode === 'bare' ? { _index: index } : { _index: index, _id: `913723868722374548-r0-${_id}` };
    return `${JSON.stringify({ create })}\n`;
  };
  let number = 0;
  const bodies: Buffer[] = [];
  let pending: string[] = [];
  const cut = () => {
    bodies.push(Buffer.from(pending.join('')));
    pending = [];
  };
  for await (const line of lines()) {
    pending.push(actionOf(++number), line, '\n');
    if (pending.length === 3 * linesOfRequest) cut();
  }
  if (pending.length > 0) cut();
  const waiting = bodies.values();
  const send = async () => {
    for (const body of waiting) {
      const answer = await fetch(`${url}/_bulk?filter_path=errors`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: body as Uint8Array<ArrayBuffer>,
      });
      if (((await answer.json()) as { errors: boolean }).errors) throw new Error('the node refused documents');
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, send));
}

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stub of S3 and SQS for what no local server does: slow, broken and refused replies. Written from the documented
 * protocols, for tests; the integration tests use a real server.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
 */
export interface StubAws {
  readonly url: string;
  readonly queueUrl: string;
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>;
  readonly messages: StubMessage[];
  /** Names of the received calls: `GetObject b/key`, `ReceiveMessage`. */
  readonly calls: string[];
  /** Makes the next calls of this name fail, this many times. */
  fail(call: string, fault: Fault, times?: number): void;
  send(body: string): void;
  close(): Promise<void>;
}

export type Fault = { readonly status: number; readonly code: string } | 'cut';

export interface StubMessage {
  readonly id: string;
  readonly body: string;
  readonly sentAtMs: number;
  visibleAtMs: number;
  receives: number;
  receiptHandle: string;
}

export async function startStubAws(): Promise<StubAws> {
  const state: State = { objects: new Map(), messages: [], calls: [], faults: [] };
  const server = createServer((request, response) => void answer(state, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...state,
    url,
    queueUrl: `${url}/123456789012/logs`,
    fail: (call, fault, times = 1) => state.faults.push(...Array.from({ length: times }, () => ({ call, fault }))),
    send: (body) =>
      state.messages.push({
        id: randomUUID(),
        body,
        sentAtMs: Date.now(),
        visibleAtMs: 0,
        receives: 0,
        receiptHandle: '',
      }),
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

interface State {
  readonly objects: Map<string, Buffer>;
  readonly messages: StubMessage[];
  readonly calls: string[];
  readonly faults: { readonly call: string; readonly fault: Fault }[];
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.headers['x-amz-target'];
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
  const path = decodeURIComponent(pathname.slice(1));
  const isList = searchParams.get('list-type') === '2';
  const call =
    typeof target === 'string'
      ? (target.split('.')[1] ?? '')
      : isList
        ? 'ListObjectsV2'
        : (objectCalls[request.method ?? ''] ?? '');
  state.calls.push(typeof target === 'string' || isList ? call : `${call} ${path}`);
  const found = state.faults.findIndex(({ call: wanted }) => wanted === call || wanted === `${call} ${path}`);
  const fault = found === -1 ? undefined : state.faults.splice(found, 1)[0]?.fault;
  if (target === undefined) {
    if (fault !== undefined && fault !== 'cut') refuse(response, fault);
    else if (request.method !== 'GET') fault === 'cut' ? request.destroy() : take(request, response);
    else if (isList) list(state, path.replace(/\/$/, ''), searchParams, response);
    else get(state, path, response, fault === 'cut');
    return;
  }
  let body = '';
  for await (const chunk of request) body += String(chunk);
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  if (fault !== undefined && fault !== 'cut') {
    response.statusCode = fault.status;
    response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${fault.code}`, message: `${fault.code} as told` }));
    return;
  }
  const input = JSON.parse(body) as QueueInput;
  const reply = call === 'ReceiveMessage' ? await receive(state, input, request) : changeQueue(state, call, input);
  response.end(JSON.stringify(reply));
}

function refuse(response: ServerResponse, { status, code }: { readonly status: number; readonly code: string }): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/xml');
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} as told</Message></Error>`);
}

/** Calls on objects by their method. What is written or removed is only named in `calls`. */
const objectCalls: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
  POST: 'DeleteObjects',
};

function take(request: IncomingMessage, response: ServerResponse): void {
  request.resume().once('end', () => response.end(request.method === 'POST' ? '<DeleteResult/>' : ''));
}

function get({ objects }: State, path: string, response: ServerResponse, isCut: boolean): void {
  const bytes = objects.get(path);
  if (!bytes) {
    refuse(response, { status: 404, code: 'NoSuchKey' });
    return;
  }
  response.setHeader('etag', `"${md5(bytes)}"`);
  response.setHeader('last-modified', 'Tue, 03 Feb 2026 04:05:06 GMT');
  response.setHeader('content-length', bytes.length);
  if (!isCut) response.end(bytes);
  else response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}

function list({ objects }: State, bucket: string, query: URLSearchParams, response: ServerResponse): void {
  const start = `${bucket}/${query.get('prefix') ?? ''}`;
  const after = `${bucket}/${query.get('start-after') ?? ''}`;
  const names = [...objects.keys()].sort().filter((name) => name.startsWith(start) && name > after);
  const most = Math.min(Number(query.get('max-keys') ?? pageSize), pageSize);
  const contents = names.slice(0, most).map((name) => {
    const bytes = objects.get(name) ?? Buffer.alloc(0);
    const key = name.slice(bucket.length + 1);
    return `<Contents><Key>${key}</Key><LastModified>${new Date().toISOString()}</LastModified><ETag>&quot;${md5(bytes)}&quot;</ETag><Size>${bytes.length}</Size></Contents>`;
  });
  response.setHeader('content-type', 'application/xml');
  response.end(
    `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name><IsTruncated>${names.length > most}</IsTruncated>${contents.join('')}</ListBucketResult>`,
  );
}

/** Small, so that tests get several pages. */
const pageSize = 3;

interface QueueInput {
  readonly VisibilityTimeout?: number;
  readonly MaxNumberOfMessages?: number;
  readonly ReceiptHandle?: string;
  readonly Entries?: readonly {
    readonly Id: string;
    readonly ReceiptHandle: string;
    readonly VisibilityTimeout: number;
  }[];
}

async function receive({ messages }: State, input: QueueInput, request: IncomingMessage) {
  const visible = () => messages.filter(({ visibleAtMs }) => visibleAtMs <= Date.now());
  // A short long poll.
  for (let tries = 0; tries < 25 && visible().length === 0 && !request.socket.destroyed; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // A disconnected client gets nothing.
  const given = request.socket.destroyed ? [] : visible().slice(0, input.MaxNumberOfMessages ?? 1);
  for (const message of given) {
    message.visibleAtMs = Date.now() + (input.VisibilityTimeout ?? 30) * 1000;
    message.receives++;
    message.receiptHandle = `${message.id}#${message.receives}`;
  }
  return {
    Messages: given.map(({ body, id, receiptHandle, receives, sentAtMs }) => ({
      MessageId: id,
      ReceiptHandle: receiptHandle,
      Body: body,
      MD5OfBody: md5(body),
      Attributes: { SentTimestamp: String(sentAtMs), ApproximateReceiveCount: String(receives) },
    })),
  };
}

function changeQueue({ messages }: State, call: string, input: QueueInput): object {
  const find = (handle: string | undefined) => messages.find(({ receiptHandle }) => receiptHandle === handle);
  switch (call) {
    case 'DeleteMessage': {
      const message = find(input.ReceiptHandle);
      if (message) messages.splice(messages.indexOf(message), 1);
      return {};
    }
    case 'ChangeMessageVisibilityBatch':
      for (const { ReceiptHandle, VisibilityTimeout } of input.Entries ?? []) {
        const message = find(ReceiptHandle);
        if (message) message.visibleAtMs = Date.now() + VisibilityTimeout * 1000;
      }
      return { Successful: (input.Entries ?? []).map(({ Id }) => ({ Id })), Failed: [] };
    default: {
      const hidden = messages.filter(({ visibleAtMs }) => visibleAtMs > Date.now()).length;
      return {
        Attributes: {
          ApproximateNumberOfMessages: String(messages.length - hidden),
          ApproximateNumberOfMessagesNotVisible: String(hidden),
        },
      };
    }
  }
}

function md5(content: string | Buffer): string {
  return createHash('md5').update(content).digest('hex');
}

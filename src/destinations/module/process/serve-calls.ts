import type { Duplex } from 'node:stream';
import type { ModuleAnswer, ModuleRequest } from '../messages.ts';
import { describeThrown } from './describe-thrown.ts';
import type { ServedModule } from './served-module.ts';

/** Answers the program's calls one after the other, until it asks to close. The first answer says that it is ready. */
export function serveCalls(channel: Duplex, served: ServedModule): void {
  let calls = Promise.resolve();
  let current = new AbortController();
  const answer = (given: ModuleAnswer, then?: () => void) => void channel.write(`${JSON.stringify(given)}\n`, then);

  async function perform(request: ModuleRequest, rows: Buffer): Promise<void> {
    current = new AbortController();
    const late = () => current.abort(new DOMException('its timeout is over', 'TimeoutError'));
    const timer = setTimeout(late, request.timeoutMs);
    try {
      answer(await served.perform(request, rows, current.signal));
    } finally {
      clearTimeout(timer);
    }
    if (request.call === 'close') process.exit(0);
  }

  // What nobody awaits: the state of the module is not known any more.
  process.on('uncaughtException', (thrown) =>
    answer({ end: `${describeThrown('the module', thrown)}; catch it, or await it within a call` }, () =>
      process.exit(1),
    ),
  );
  const receive = readRequests((request, rows) => {
    if (request.call === 'abort') current.abort(new DOMException('tailrace is stopping', 'AbortError'));
    else calls = calls.then(() => perform(request, rows));
  });
  channel.on('data', receive);
  answer({ failed: [] });
}

/** Puts requests and their rows together from pieces of any size. */
export function readRequests(onRequest: (request: ModuleRequest, rows: Buffer) => void): (piece: Buffer) => void {
  let waiting: Buffer[] = [];
  let length = 0;
  let request: ModuleRequest | undefined;
  const take = (bytes: number): Buffer => {
    const all = Buffer.concat(waiting);
    waiting = [all.subarray(bytes)];
    length -= bytes;
    return all.subarray(0, bytes);
  };
  return (piece) => {
    waiting.push(piece);
    length += piece.length;
    for (;;) {
      if (request === undefined) {
        // Requests are short: most come in one piece.
        const end = Buffer.concat(waiting).indexOf('\n') + 1;
        if (end === 0) return;
        request = JSON.parse(take(end).toString()) as ModuleRequest;
      }
      if (length < request.bytes) return;
      onRequest(request, take(request.bytes));
      request = undefined;
    }
  };
}

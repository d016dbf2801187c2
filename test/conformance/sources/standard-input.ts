import { PassThrough } from 'node:stream';
import { totalBytes } from '../../../src/pipeline/prepare-delivery.ts';
import type { Checkpoints, Sink } from '../../../src/sources/source.ts';
import { createStdinSource } from '../../../src/sources/stdin/stdin-source.ts';
import { bytesOf, type SourceUnderTest } from '../source-under-test.ts';

const lost = 'what was read from a pipe is lost with the process, as docs/sources.md says';
const again = 'a pipe delivers its bytes once and in order';

/** Each run has a pipe of its own. */
export const standardInput: SourceUnderTest = {
  name: 'standard input',
  kind: 'stdin',
  unparsable: 'rejected',
  exceptions: {
    'kill before the close': lost,
    'kill after the close': lost,
    'two pipelines': 'a process has one standard input, and a configuration that reads it twice is refused',
    'duplicate delivery': again,
    'reordered delivery': again,
  },
  async openInput() {
    let pipe = new PassThrough();
    let [offered, read] = [0, 0];
    return {
      offer: async (_, content) => {
        offered += bytesOf(content).length;
        pipe.write(bytesOf(content));
      },
      run: async (sink, signal) => {
        const source = createStdinSource({ pipeline: 'conformance', input: pipe });
        const counting: Sink & Checkpoints = {
          pressure: () => sink.pressure(),
          lastStored: (prefix) => sink.lastStored(prefix),
          versionsOf: (origins) => sink.versionsOf(origins),
          unfinished: (origins) => sink.unfinished(origins),
          settle: (batches, committed) => sink.settle(batches, committed),
          store: async (deliveries, options) => {
            const receipts = await sink.store(deliveries, options);
            for (const { content } of deliveries) if (content.kind === 'lines') read += totalBytes(content.chunks);
            return receipts;
          },
        };
        await source.run(counting, signal);
        pipe = new PassThrough();
      },
      unacknowledged: async () => offered - read,
    };
  },
};

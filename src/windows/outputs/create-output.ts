import { createFileOutput } from './file-output.ts';
import { createKinesisOutput } from './kinesis-output.ts';
import { createWebhookOutput } from './webhook-output.ts';
import type { OutputOptions, WindowOutput } from './window-output.ts';

/** Does no I/O. @param query whose windows are sent */
export function createOutput(query: string, options: OutputOptions): WindowOutput {
  switch (options.type) {
    case 'file':
      return createFileOutput(options);
    case 'webhook':
      return createWebhookOutput(options);
    case 'kinesis':
      return createKinesisOutput(query, options);
  }
}

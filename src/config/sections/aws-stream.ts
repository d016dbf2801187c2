import type { z } from 'zod';
import { refuse, text } from '../fields.ts';

interface WrittenStream {
  /** Name or ARN. */
  readonly stream: string;
  readonly region?: string;
}

/** Key `stream`. */
export function streamKey(example: string) {
  return text('the name or the ARN of a stream', example).regex(/^(?:[\w.-]+|arn:\S+)$/);
}

/** @param service and kind of the stream, as in its ARN: `kinesis` and `stream` */
export function streamArn(service: string, kind: string, name: string) {
  return { service, kind, example: `arn:aws:${service}:us-east-1:123456789012:${kind}/${name}` };
}

const arnShape = /^arn:aws[a-z-]*:([a-z]+):([a-z0-9-]+):\d{12}:([a-z]+)\/[\w.-]+$/;

/** With the region of the ARN. */
export function withRegion<T extends WrittenStream>(
  written: T,
  { service, kind, example }: ReturnType<typeof streamArn>,
  context: z.core.$RefinementCtx,
): T {
  const [, ofService, region, ofKind] = arnShape.exec(written.stream) ?? [];
  const isMeant = ofService === service && ofKind === kind;
  if (!isMeant && written.stream.startsWith('arn:')) {
    return refuse(context, 'it is not the ARN of a stream', `write for example ${example}`, ['stream']);
  }
  if (region !== undefined && written.region !== undefined && written.region !== region) {
    return refuse(context, `the stream is in ${region}`, 'remove the region, the ARN names it', ['region']);
  }
  return { ...written, ...(region === undefined ? {} : { region }) };
}

/** Compares name and region, as the store identifies streams; a missing region may equal the other one. */
export function sharedStream(
  one: WrittenStream & { readonly endpoint?: string },
  other: WrittenStream & { readonly endpoint?: string },
): string | undefined {
  const name = nameOf(one.stream);
  if (name !== nameOf(other.stream) || one.endpoint !== other.endpoint) return undefined;
  const areApart = one.region !== undefined && other.region !== undefined && one.region !== other.region;
  return areApart ? undefined : `the stream ${name}`;
}

function nameOf(stream: string): string {
  return stream.startsWith('arn:') ? stream.slice(stream.indexOf('/') + 1) : stream;
}

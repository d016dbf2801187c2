import { createHmac } from 'node:crypto';

/** How a secret is written: this, and the key in base64. */
export const secretPrefix = 'whsec_';

export interface Signed {
  /** The same whenever the same rows are sent. */
  readonly id: string;
  readonly seconds: number;
  /** As it is sent, compressed or not. */
  readonly body: Uint8Array;
}

/** Headers by which a receiver knows the sender: https://www.standardwebhooks.com, version 1. */
export function signRequest(secret: string, { id, seconds, body }: Signed): Record<string, string> {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}

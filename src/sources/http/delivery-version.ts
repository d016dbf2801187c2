import { randomUUID } from 'node:crypto';
import type { IntakeRequest } from './intake.ts';
import { Refusal } from './refusal.ts';

/** Identity of a request's lines. */
export interface DeliveryVersion {
  readonly version: string;
  /** Whether the sender chose it, so that a retry stores nothing twice. */
  readonly isSenders: boolean;
}

/**
 * From the header `Idempotency-Key`, as in the IETF's draft of that name, quoted or not.
 *
 * @throws Refusal when the header is not a valid key
 */
export function readDeliveryVersion(request: IntakeRequest): DeliveryVersion {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return { version: randomUUID(), isSenders: false };
  const [, key] = /^"?([\x21\x23-\x7e]{1,256})"?$/.exec(String(header).trim()) ?? [];
  if (key === undefined) {
    throw new Refusal('invalid', 'cannot read the header Idempotency-Key', {
      remedy: 'Send 1 to 256 visible ASCII characters, for example a UUID.',
    });
  }
  return { version: key, isSenders: true };
}

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Delivery, Receipt } from '../source.ts';
import type { BodyHold } from './body-budget.ts';
import type { IntakeName } from './intake-counts.ts';

/** An HTTP protocol for logs: how to read a request, and how to answer its sender. */
export interface Intake {
  readonly name: IntakeName;
  readonly routes: readonly IntakeRoute[];
  /** Limit of the inflated body. */
  readonly maxBodyBytes: number;
  /** Headers of every answer, including refusals. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Must answer only when everything is stored. @throws Refusal of the whole request */
  take(exchange: Exchange): Promise<Answer>;
  /** A refusal in the form that senders of this protocol expect; status and Retry-After are set already. */
  refuse(refused: RefusedRequest, request: IntakeRequest): Answer | Promise<Answer>;
}

/** A refused request, as its sender receives it. */
export interface RefusedRequest {
  /** HTTP status. */
  readonly status: number;
  readonly message: string;
  readonly remedy: string | undefined;
  /** In the same form as the rest of the API. */
  readonly body: unknown;
}

/** What is read of a request. */
export interface IntakeRequest {
  readonly raw: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  /** Parameters of the path and of the query, by name. */
  readonly params: unknown;
  readonly query: unknown;
}

export type IntakeMethod = 'GET' | 'HEAD' | 'POST' | 'PUT';

export interface IntakeRoute {
  readonly method: IntakeMethod | IntakeMethod[];
  /** A parameter is prefixed with a colon: `/:index/_bulk`. */
  readonly url: string;
}

export interface Answer {
  /** Exactly as sent. */
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** A request in flight. */
export interface Exchange {
  readonly request: IntakeRequest;
  /** Inflated, within the limits; can be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly arrivedAtMs: number;
  /** Accounts for bytes in memory in addition to the body, e.g. what was inflated from it. */
  readonly hold: BodyHold;
  /** Resolves when the deliveries are durable, with receipts in their order. */
  store(deliveries: readonly Delivery[]): Promise<readonly Receipt[]>;
  /** Counts items that the intake itself refuses. */
  countRejected(lines: number): void;
}

export function jsonAnswer(value: unknown, contentType = 'application/json'): Answer {
  return { contentType, body: JSON.stringify(value) };
}

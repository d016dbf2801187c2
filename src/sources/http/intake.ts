import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Delivery, Receipt } from '../source.ts';
import type { BodyHold } from './body-budget.ts';
import type { IntakeName } from './intake-counts.ts';

/** One way in over HTTP: what it reads out of a request, and how its senders want to be answered. */
export interface Intake {
  readonly name: IntakeName;
  readonly routes: readonly IntakeRoute[];
  /** Limit of a body, inflated. */
  readonly maxBodyBytes: number;
  /** Headers of every answer, refusals included. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Must answer only when all is stored. @throws Refusal of all of it */
  take(exchange: Exchange): Promise<Answer>;
  /** A refusal in the form that senders of this kind understand; status and Retry-After are set already. */
  refuse(refused: RefusedRequest, request: IntakeRequest): Answer | Promise<Answer>;
}

/** A request that was refused, as its sender is to learn it. */
export interface RefusedRequest {
  /** HTTP status. */
  readonly status: number;
  readonly message: string;
  readonly remedy: string | undefined;
  /** In the form of the rest of the API. */
  readonly body: unknown;
}

/** What is read of a request. */
export interface IntakeRequest {
  readonly raw: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  /** Parameters of the path, and of the query, by their names. */
  readonly params: unknown;
  readonly query: unknown;
}

export type IntakeMethod = 'GET' | 'HEAD' | 'POST' | 'PUT';

export interface IntakeRoute {
  readonly method: IntakeMethod | IntakeMethod[];
  /** A parameter has a colon before it: `/:index/_bulk`. */
  readonly url: string;
}

export interface Answer {
  /** Exactly as sent. */
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** A request under way. */
export interface Exchange {
  readonly request: IntakeRequest;
  /** Inflated, within the limits; to be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly arrivedAtMs: number;
  /** For bytes that are in memory beside those of the body, e.g. what was inflated out of it. */
  readonly hold: BodyHold;
  /** Resolves when they are durable; receipts in their order. */
  store(deliveries: readonly Delivery[]): Promise<readonly Receipt[]>;
  /** Counts what this intake refuses itself. */
  countRejected(lines: number): void;
}

export function jsonAnswer(value: unknown, contentType = 'application/json'): Answer {
  return { contentType, body: JSON.stringify(value) };
}

import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { collectParameters } from '../bound-parameter.ts';
import type { Statement } from '../engine.ts';
import { cancelled, EngineError } from '../engine-error.ts';
import { checkSettings } from '../statement-settings.ts';
import { inlineLargeParameters } from './inline-parameters.ts';
import { asEngineError } from './server-exception.ts';

/** One INSERT of a day's logs is one request. */
const requestTimeoutMs = 24 * 60 * 60 * 1000;

/** KILL … SYNC waits until a statement has ended; it may miss one that starts at that moment. */
const mostKills = 20;

function idPrefix(group: string): string {
  return `tailrace-${group}-`;
}

const defaultSettings = {
  max_query_size: String(256 * 1024 * 1024),
  // Without it an error in the middle of an answer would be text within the answer.
  wait_end_of_query: 1,
} as const;

export interface ServerAddress {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

/** Requests for one purpose over separate connections, so that they do not wait for those of another. */
export class ServerConnection {
  readonly #client: ClickHouseClient;
  readonly #url: string;

  constructor(address: ServerAddress, database: string, maxConnections: number) {
    this.#url = address.url;
    this.#client = createClient({
      url: address.url,
      username: address.user ?? 'default',
      password: address.password ?? '',
      database,
      max_open_connections: maxConnections,
      request_timeout: requestTimeoutMs,
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  /**
   * Sends a statement and returns the answer's bytes as a stream. The query is stopped when the signal aborts, or when
   * the reader stops before the end.
   *
   * @param body rows for an INSERT; the statement then ends in their format
   */
  async send(
    statement: Statement,
    { body, signal }: { body?: Readable; signal?: AbortSignal } = {},
  ): Promise<AsyncGenerator<Uint8Array, void>> {
    const { sql, params } = inlineLargeParameters(statement.sql, collectParameters(statement.sql, statement.params));
    checkSettings(statement.settings ?? {});
    const queryId = `${statement.group === undefined ? '' : idPrefix(statement.group)}${randomUUID()}`;
    if (signal?.aborted) throw cancelled(signal.reason); // the client would not notice
    try {
      const { stream } = await this.#client.exec({
        query: sql,
        query_id: queryId,
        // Over HTTP a parameter is a URL argument like a setting, and the client would format it again.
        clickhouse_settings: { ...defaultSettings, ...statement.settings, ...params },
        ...(signal === undefined ? {} : { abort_signal: signal }),
        ...(body === undefined ? {} : { values: body }),
      });
      return this.#read(stream, queryId, signal);
    } catch (cause) {
      if (signal?.aborted) await this.#kill(queryId);
      throw asEngineError(cause, this.#url, signal);
    }
  }

  /** Sends a statement whose answer is small or ignored. */
  async collect(statement: Statement, options: { body?: Readable; signal?: AbortSignal } = {}): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.send(statement, options)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /**
   * Stops all statements of a group, sent by any process, and waits until the server has ended them.
   * @throws EngineError when it does not
   */
  async end(group: string): Promise<void> {
    const params = { prefix: idPrefix(group) };
    const isMeant = 'startsWith(query_id, {prefix:String})';
    for (let attempt = 0; attempt < mostKills; attempt++) {
      const count = await this.collect({
        sql: `SELECT count() FROM system.processes WHERE ${isMeant} FORMAT TSV`,
        params,
      });
      if (count.toString().trim() === '0') return;
      await this.collect({ sql: `KILL QUERY WHERE ${isMeant} SYNC FORMAT Null`, params });
    }
    throw new EngineError(
      'TAILRACE_STORE_UNAVAILABLE',
      `cannot end what the store runs of batch "${group}": it continues in spite of KILL QUERY; it is tried again`,
      { retryable: true },
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async *#read(stream: Readable, queryId: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void> {
    let ended = false;
    try {
      for await (const chunk of stream) {
        if (signal?.aborted) throw cancelled(signal.reason);
        yield chunk as Uint8Array;
      }
      ended = true;
    } catch (cause) {
      throw asEngineError(cause, this.#url, signal);
    } finally {
      if (!ended) {
        stream.destroy();
        await this.#kill(queryId);
      }
    }
  }

  /** The server continues a query whose client has disconnected, unless it is killed. */
  async #kill(queryId: string): Promise<void> {
    try {
      await this.#client.command({
        query: 'KILL QUERY WHERE query_id = {query_id:String} ASYNC',
        query_params: { query_id: queryId },
      });
    } catch {
      // A server that is unreachable, or denies it, ends the query by its own limits.
    }
  }
}

import type { Session } from 'chdb';

export type OpenNative = () => Session;

/** One native connection, which runs one statement at a time. */
export class ChdbSession {
  /** Identifies the session in `system.processes` (as `log_comment`), so that its statement can be stopped. */
  readonly tag: string;
  readonly #native: Session;

  private constructor(native: Session, tag: string) {
    this.#native = native;
    this.tag = tag;
  }

  /** @param opening statements that prepare the session; `{tag}` in them is replaced by the tag */
  static async open(openNative: OpenNative, tag: string, opening: readonly string[]): Promise<ChdbSession> {
    const session = new ChdbSession(openNative(), tag);
    try {
      for (const sql of opening) await session.execute(sql.replaceAll('{tag}', tag));
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** After an error the session must be closed: it would prepend rows of the failed answer to the next. */
  async execute(sql: string, format = 'Null'): Promise<Uint8Array> {
    return (await this.#native.queryAsync(sql, { format })).bytes();
  }

  close(): void {
    this.#native.close();
  }
}

import type { Statement } from '../engine.ts';
import { judgeQuestion, type ReadAnswer } from './judge-question.ts';
import type { QuestionReach } from './judge-tree.ts';

/** Dashboards, alerts and continuous queries ask some dozens of texts again and again, with other values. */
const mostTexts = 256;
const longestText = 16 * 1024;

/**
 * Judges questions, and remembers those that are allowed. Only the text is judged: a value never names anything
 * (`{x:Identifier}` is refused), so a text that was allowed is allowed with any values.
 */
export class JudgedQuestions {
  readonly #reach: QuestionReach;
  /** What runs instead of a text; the one that was asked last is the last. */
  readonly #allowed = new Map<string, string>();

  constructor(reach: QuestionReach) {
    this.#reach = reach;
  }

  /** As {@link judgeQuestion}. */
  async judge(question: Pick<Statement, 'sql' | 'params'>, read: ReadAnswer): Promise<string> {
    const { sql } = question;
    const allowed = this.#allowed.get(sql) ?? (await judgeQuestion(question, read, this.#reach));
    if (sql.length > longestText) return allowed;
    this.#allowed.delete(sql);
    this.#allowed.set(sql, allowed);
    const [oldest] = this.#allowed.keys();
    if (this.#allowed.size > mostTexts && oldest !== undefined) this.#allowed.delete(oldest);
    return allowed;
  }
}

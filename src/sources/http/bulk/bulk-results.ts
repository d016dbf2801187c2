import type { BulkAction } from './bulk-splitter.ts';

type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Results of the actions, in order. */
export class BulkResults {
  readonly #items: Item[] = [];
  /** Results of documents without an id are identical. */
  readonly #accepted = new Map<string, Item>();
  #refused = 0;

  get length(): number {
    return this.#items.length;
  }

  get refused(): number {
    return this.#refused;
  }

  accept({ name, index, id }: BulkAction): void {
    const key = `${name} ${index}`;
    const known = id === undefined ? this.#accepted.get(key) : undefined;
    const item = known ?? { [name]: { ...identify(index, id), ...created } };
    if (id === undefined) this.#accepted.set(key, item);
    this.#items.push(item);
  }

  refuse({ name, index, id }: BulkAction, type: string, reason: string): void {
    this.#refused++;
    this.#items.push({ [name]: { ...identify(index, id), status: 400, error: { type, reason } } });
  }

  toAnswer(tookMs: number): { took: number; errors: boolean; items: readonly Item[] } {
    return { took: tookMs, errors: this.#refused > 0, items: this.#items };
  }
}

const created = {
  _version: 1,
  result: 'created',
  _shards: { total: 1, successful: 1, failed: 0 },
  _seq_no: 0,
  _primary_term: 1,
  status: 201,
};

function identify(index: string, id: string | undefined): { _index: string; _id?: string } {
  return { _index: index, ...(id === undefined ? {} : { _id: id }) };
}

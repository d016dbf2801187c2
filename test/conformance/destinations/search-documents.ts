import type { GatedAnswer, GatedRequest } from './gate.ts';

type SearchRequest = Pick<GatedRequest, 'method' | 'path' | 'body'>;

export interface SearchDocument {
  readonly id: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** A cluster that a destination delivers to. */
export interface Documents {
  answer(request: SearchRequest): Promise<GatedAnswer>;
  /** Documents of all indexes whose names begin so. */
  read(index: string): Promise<readonly SearchDocument[]>;
  remove(index: string): Promise<void>;
}

/** As far as the destination uses it, written from the documentation of OpenSearch. */
export class MemoryCluster implements Documents {
  readonly #documents = new Map<string, SearchDocument>();
  readonly #templates = new Map<string, unknown>();

  async answer({ method, path, body }: SearchRequest): Promise<GatedAnswer> {
    if (path === '/') return { status: 200, body: { version: { distribution: 'opensearch', number: '3.6.0' } } };
    if (path.startsWith('/_bulk')) return { status: 200, body: this.#bulk(body) };
    if (path.startsWith('/_index_template/') && method === 'PUT') {
      this.#templates.set(path, JSON.parse(body));
      return { status: 200, body: { acknowledged: true } };
    }
    const template = this.#templates.get(path);
    if (template === undefined) return { status: 404, body: { error: { type: 'resource_not_found_exception' } } };
    return { status: 200, body: { index_templates: [{ name: path.split('/').at(-1), index_template: template }] } };
  }

  async read(index: string): Promise<readonly SearchDocument[]> {
    return [...this.#documents].filter(([key]) => key.startsWith(index)).map(([, document]) => document);
  }

  async remove(): Promise<void> {}

  #bulk(body: string): unknown {
    const lines = body.split('\n');
    if (lines.pop() !== '') throw new Error('the last line is cut');
    const items = lines.flatMap((line, at) => {
      if (at % 2 === 1) return [];
      const { _index, _id, require_alias } = JSON.parse(line).create;
      if (require_alias) return [{ create: { status: 404, error: { type: 'index_not_found_exception' } } }];
      const key = `${_index} ${_id}`;
      if (this.#documents.has(key)) {
        return [{ create: { status: 409, error: { type: 'version_conflict_engine_exception' } } }];
      }
      this.#documents.set(key, { id: _id, document: JSON.parse(lines[at + 1] ?? '') });
      return [{ create: { status: 201 } }];
    });
    return { errors: items.some(({ create }) => create.status !== 201), items };
  }
}

/** A node over HTTP. */
export class RealCluster implements Documents {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async answer({ method, path, body }: SearchRequest): Promise<GatedAnswer> {
    const type = path.startsWith('/_bulk') ? 'application/x-ndjson' : 'application/json';
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body === '' ? {} : { body, headers: { 'content-type': type } }),
    });
    return { status: response.status, body: await response.json() };
  }

  async read(index: string): Promise<readonly SearchDocument[]> {
    await this.#ask('POST', `/${index}*/_refresh`);
    const { hits } = await this.#ask('GET', `/${index}*/_search?size=10000`);
    return hits.hits.map(({ _id, _source }) => ({ id: _id, document: _source }));
  }

  async remove(index: string): Promise<void> {
    await this.#ask('DELETE', `/${index}*`);
    await this.#ask('DELETE', `/_index_template/tailrace-${index}`);
  }

  async #ask(method: string, path: string): Promise<SearchAnswer> {
    const { body } = await this.answer({ method, path, body: '' });
    return body as SearchAnswer;
  }
}

interface SearchAnswer {
  readonly hits: {
    readonly hits: readonly { readonly _id: string; readonly _source: Readonly<Record<string, unknown>> }[];
  };
}

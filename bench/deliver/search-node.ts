/** A node of OpenSearch or Elasticsearch, asked about what it has indexed. */
export class SearchNode {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** @throws Error with the answer, unless it is 2xx */
  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`cannot ask "${method} ${path}": ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  /** Documents that were indexed, searchable or not; 0 when there is no such index. */
  async indexed(index: string): Promise<number> {
    const { _all } = await this.ask<{ _all: { primaries: { indexing?: { index_total: number } } } }>(
      'GET',
      `/${index}/_stats/indexing?ignore_unavailable=true&allow_no_indices=true`,
    );
    return _all.primaries.indexing?.index_total ?? 0;
  }

  /** Documents that a search finds. */
  async count(index: string): Promise<number> {
    await this.ask('POST', `/${index}/_refresh`);
    return (await this.ask<{ count: number }>('GET', `/${index}/_count`)).count;
  }

  /** Bytes on disk when an index is one segment, and nothing refers to what it was before. */
  async mergedBytes(index: string): Promise<number> {
    await this.ask('POST', `/${index}/_forcemerge?max_num_segments=1`);
    await this.ask('POST', `/${index}/_flush`);
    const { _all } = await this.ask<{ _all: { primaries: { store: { size_in_bytes: number } } } }>(
      'GET',
      `/${index}/_stats/store`,
    );
    return _all.primaries.store.size_in_bytes;
  }

  /** All documents, as they were sent. */
  async *documents(index: string): AsyncGenerator<object> {
    type Page = { _scroll_id: string; hits: { hits: { _source: object }[] } };
    const query = { size: 5000, sort: ['_doc'] };
    let page = await this.ask<Page>('POST', `/${index}/_search?scroll=1m`, query);
    while (page.hits.hits.length > 0) {
      yield* page.hits.hits.map(({ _source }) => _source);
      page = await this.ask<Page>('POST', '/_search/scroll', { scroll: '1m', scroll_id: page._scroll_id });
    }
  }
}

import { describe, expect, it } from 'vitest';
import { setUpIntakeServer } from '../../../server/test-doubles/intake-server.ts';

const target = setUpIntakeServer();

describe('the handshake', () => {
  it.each<[string, string, number]>([
    ['GET', '/_license', 200],
    ['GET', '/_xpack', 200],
    ['GET', '/_cluster/health', 200],
    ['HEAD', '/_index_template/logs', 200],
    ['GET', '/_index_template/logs', 200],
    ['PUT', '/_index_template/logs', 200],
    ['GET', '/_ilm/policy/logs', 200],
    ['PUT', '/_ingest/pipeline/logs', 200],
    ['HEAD', '/_alias/logs', 200],
    ['HEAD', '/logs', 200],
    ['PUT', '/logs', 200],
    ['HEAD', '/', 200],
  ])('%s %s', async (method, path, status) => {
    const answer = await fetch(target.url + path, { method, ...(method === 'PUT' ? { body: '{"x":1}' } : {}) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch');
  });

  it('tells programs the product, and shows people the console', async () => {
    expect(await (await fetch(target.url)).json()).toMatchObject({
      version: { number: expect.stringMatching(/^8\.\d+\.\d+$/) },
      tagline: 'You Know, for Search',
    });
    const page = await fetch(target.url, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('x-elastic-product')).toBeNull();
  });
});

import { isJsonObject } from '../../../framing/json/json-bytes.ts';
import { ByteBlocks } from '../../../framing/records/byte-blocks.ts';
import { readDeliveryVersion } from '../delivery-version.ts';
import type { Answer, Exchange, Intake, IntakeRequest } from '../intake.ts';
import { Refusal } from '../refusal.ts';
import { BulkResults } from './bulk-results.ts';
import { BulkSplitter, BulkSyntaxError } from './bulk-splitter.ts';
import { elasticAnswer, elasticError, productHeaders } from './elastic-answer.ts';
import { maxFilterLength, PathFilter } from './filter-path.ts';

/** Limit that keeps the answer small; senders pack up to some 10 000. */
const maxItems = 250_000;
/** Limit, because each index is a separate delivery. */
const maxIndexes = 100;
const maxIndexLength = 255;

/** The bulk endpoint of Elasticsearch and OpenSearch, as far as log shippers need it: adds documents, changes none. */
export const bulkIntake: Intake = {
  name: 'bulk',
  routes: ['/_bulk', '/:index/_bulk'].map((url) => ({ method: ['POST', 'PUT'], url })),
  maxBodyBytes: 100 * 1024 * 1024,
  headers: productHeaders,
  take: takeBulk,
  refuse: elasticError,
};

async function takeBulk(exchange: Exchange): Promise<Answer> {
  const { request } = exchange;
  const { version } = readDeliveryVersion(request);
  const filter = readFilter(request);
  const { results, indexes } = await readDocuments(exchange);
  exchange.countRejected(results.refused);
  await exchange.store(
    [...indexes].map(([index, documents]) => ({
      origin: `bulk:${index}`,
      version,
      content: { kind: 'lines', chunks: documents.chunks() },
      context: { arrivedAtMs: exchange.arrivedAtMs, ...(index === '' ? {} : { group: index }) },
    })),
  );
  const answer = results.toAnswer(Date.now() - exchange.arrivedAtMs);
  return elasticAnswer(filter.apply(answer) ?? {}, request);
}

/** @throws Refusal for a filter that is too long */
function readFilter({ query }: IntakeRequest): PathFilter {
  const { filter_path: filter = '' } = query as { readonly filter_path?: string | string[] };
  const text = [filter].flat().join();
  if (text.length <= maxFilterLength) return new PathFilter(text);
  throw new Refusal('invalid', `cannot filter the answer: filter_path is too long`, {
    remedy: `Give at most ${maxFilterLength} characters.`,
  });
}

async function readDocuments({ request, body }: Exchange) {
  const results = new BulkResults();
  const indexes = new Map<string, ByteBlocks>();
  const splitter = new BulkSplitter(readIndex(request), (action, document) => {
    if (results.length >= maxItems) throw tooMany();
    const refusal = refuse(action.name, action.index, document);
    if (refusal !== undefined || document === undefined) return results.refuse(action, ...(refusal ?? noDocument));
    let documents = indexes.get(action.index);
    if (documents === undefined) {
      if (indexes.size >= maxIndexes) return results.refuse(action, ...tooManyIndexes);
      documents = new ByteBlocks();
      indexes.set(action.index, documents);
    }
    documents.append(document);
    documents.endLine();
    results.accept(action);
  });
  try {
    for await (const piece of body) splitter.push(piece);
    splitter.end();
  } catch (error) {
    if (error instanceof BulkSyntaxError) throw new Refusal('invalid', error.message);
    throw error;
  }
  if (results.length === 0) throw new Refusal('invalid', 'request body is required');
  return { results, indexes };
}

type DocumentRefusal = readonly [type: string, reason: string];

const noDocument: DocumentRefusal = ['illegal_argument_exception', 'the request ended before the document'];
const tooManyIndexes: DocumentRefusal = [
  'illegal_argument_exception',
  `more than ${maxIndexes} indexes in one request`,
];

function refuse(action: string, index: string, document: Uint8Array | undefined): DocumentRefusal | undefined {
  if (action === 'update' || action === 'delete') {
    return ['illegal_argument_exception', `log events are kept as they came: there is no ${action}`];
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a name must not contain them.
  if (index.length > maxIndexLength || /[\x00-\x20\x7f]/.test(index)) {
    return ['invalid_index_name_exception', `the name has blanks, or more than ${maxIndexLength} characters`];
  }
  if (document !== undefined && !isJsonObject(document)) {
    return ['document_parsing_exception', 'the document is no JSON object'];
  }
  return undefined;
}

function readIndex({ params }: IntakeRequest): string {
  return (params as { readonly index?: string }).index ?? '';
}

function tooMany(): Refusal {
  return new Refusal('too-large', `cannot take more than ${maxItems} documents in one request`, {
    remedy: 'Send them in several requests.',
  });
}

import { createHash } from 'node:crypto';
import type { AddressMask } from './address-mask.ts';
import type { ApacheRequest } from './apache-log.ts';
import { behaviorOf, contentTypeOf } from './behaviors.ts';
import { draw } from './draw.ts';
import { EdgeCache } from './edge-cache.ts';
import { countryOf, type Edge, edgeOf } from './edges.ts';
import { logField } from './percent-encode.ts';
import { simulateConnection } from './simulated-connection.ts';
import { simulateResult } from './simulated-result.ts';
import { simulateTiming } from './simulated-timing.ts';

/** Values by name of the CloudFront field; a field without one is logged as `-`. */
export type LogValues = Readonly<Record<string, string>>;

export interface SimulatedRow {
  /** When the response ended, which is what CloudFront logs; milliseconds since 1970. */
  readonly endMs: number;
  readonly location: string;
  readonly values: LogValues;
}

/** Serves genuine requests from an invented CDN. Requests must come in the order of their times. */
export class SimulatedEdge {
  private readonly edges: readonly [Edge, ...Edge[]];
  private readonly addresses: AddressMask;
  private readonly caches = new Map<Edge, EdgeCache>();

  constructor(edges: readonly [Edge, ...Edge[]], addresses: AddressMask) {
    this.edges = edges;
    this.addresses = addresses;
    for (const edge of edges) this.caches.set(edge, new EdgeCache(cacheBytes));
  }

  /** @param atMs when the request arrives, milliseconds since 1970 */
  serve(request: ApacheRequest, atMs: number): SimulatedRow {
    const viewer = this.addresses.mask(request.client);
    if (viewer === undefined)
      throw new Error(`cannot mask viewer "${request.client}" of line ${request.line}: it is no address`);
    const edge = edgeOf(viewer, this.edges);
    const result = simulateResult(request, atMs, this.caches.get(edge) as EdgeCache);
    const timing = simulateTiming({
      line: request.line,
      viewer,
      bytes: request.bytes,
      result: result.responseResult,
      edge,
      computed: behaviorOf(request.path).pattern === '*',
    });
    const endMs = atMs + Math.round(timing.lastByte * 1000);
    return {
      endMs,
      location: edge.location,
      values: {
        ...this.genuineValues(request),
        ...connectionValues(request, viewer),
        date: new Date(endMs).toISOString().slice(0, 10),
        time: new Date(endMs).toISOString().slice(11, 19),
        'timestamp(ms)': String(endMs),
        'x-edge-location': edge.location,
        'c-ip': viewer,
        'c-country': countryOf(viewer, edge),
        'x-edge-result-type': result.result,
        'x-edge-response-result-type': result.responseResult,
        'x-edge-detailed-result-type': result.detailedResult,
        'x-edge-request-id': requestId(request.line),
        'time-taken': timing.lastByte.toFixed(3),
        'time-to-first-byte': timing.firstByte.toFixed(3),
        ...(timing.origin && {
          'origin-fbl': timing.origin.firstByte.toFixed(3),
          'origin-lbl': timing.origin.lastByte.toFixed(3),
        }),
      },
    };
  }

  private genuineValues({ method, path, query, status, bytes, referer, userAgent }: ApacheRequest): LogValues {
    const wholeBody = status === 200 && method === 'GET' && bytes > 0;
    return {
      'cs-method': method,
      'cs-uri-stem': logField(path),
      'cs-uri-query': logField(this.masked(query)),
      'sc-status': String(status),
      'sc-bytes': String(bytes),
      ...(wholeBody && { 'sc-content-len': String(bytes) }),
      'sc-content-type': logField(contentTypeOf(path, query, status)),
      'cs(Referer)': logField(this.masked(referer)),
      'cs(User-Agent)': logField(userAgent),
      'cache-behavior-path-pattern': behaviorOf(path).pattern,
    };
  }

  /** A viewer's address can be the value of a query parameter, also in the query of a referer. */
  private masked(text: string): string {
    return text.replaceAll(
      /(?<==)\d{1,3}(?:\.\d{1,3}){3}(?=&|#|$)/g,
      (address) => this.addresses.mask(address) ?? address,
    );
  }
}

/** Small enough that large files push others out. */
const cacheBytes = 256 * 1024 * 1024;

function connectionValues(request: ApacheRequest, viewer: string): LogValues {
  const { scheme, httpVersion, tlsProtocol, tlsCipher, port } = simulateConnection(request, viewer);
  const { method, path, query, referer, userAgent } = request;
  const headers = 90 + Math.floor(draw('other headers', viewer) * 260);
  return {
    'cs(Host)': 'd111111abcdef8.cloudfront.net',
    'x-host-header': hostOf(referer) ?? (draw('host', viewer) < 0.5 ? 'semicomplete.com' : 'www.semicomplete.com'),
    'cs-protocol': scheme,
    'cs-protocol-version': httpVersion,
    'ssl-protocol': logField(tlsProtocol),
    'ssl-cipher': logField(tlsCipher),
    'c-port': String(port),
    'cs-bytes': String([method, path, query, referer, userAgent].reduce((sum, part) => sum + part.length, headers)),
  };
}

/** The site has two names; the page that asks for a part of itself tells which. */
function hostOf(referer: string): string | undefined {
  return /^https?:\/\/((?:www\.)?semicomplete\.com)\//.exec(referer)?.[1];
}

/** 56 characters, as CloudFront's. */
function requestId(line: number): string {
  const digest = createHash('sha512').update(`tailrace example logs request ${line}`).digest();
  return digest.subarray(0, 40).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

import type { ApacheRequest } from './apache-log.ts';
import { draw } from './draw.ts';

export interface SimulatedConnection {
  readonly scheme: 'http' | 'https';
  readonly httpVersion: string;
  /** Empty over http. */
  readonly tlsProtocol: string;
  readonly tlsCipher: string;
  readonly port: number;
}

/** Programs speak HTTP/1.1, browsers mostly newer; HTTP/1.0 is as published. */
export function simulateConnection(
  { status, httpVersion, userAgent, hourMs }: ApacheRequest,
  viewer: string,
): SimulatedConnection {
  const port = 1024 + Math.floor(draw('port', `${viewer} ${hourMs}`) * 64_000);
  const old = httpVersion === 'HTTP/1.0';
  if (status === 301 || draw('scheme', viewer) < (old ? 0.6 : 0.06)) {
    return { scheme: 'http', httpVersion, tlsProtocol: '', tlsCipher: '', port };
  }
  const choice = draw('http version', viewer);
  const newer = choice < 0.72 ? 'HTTP/2.0' : choice < 0.9 ? 'HTTP/3.0' : httpVersion;
  const version = old || programs.test(userAgent) || userAgent === '' ? httpVersion : newer;
  const tls13 = version === 'HTTP/3.0' || draw('tls version', viewer) < 0.88;
  return {
    scheme: 'https',
    httpVersion: version,
    tlsProtocol: tls13 ? 'TLSv1.3' : 'TLSv1.2',
    tlsCipher: tls13 ? 'TLS_AES_128_GCM_SHA256' : 'ECDHE-RSA-AES128-GCM-SHA256',
    port,
  };
}

const programs = /bot|crawl|spider|slurp|feed|rss|wget|curl|python|java\/|libwww|http:\/\//i;

import { Random } from './random.ts';
import type { UserAgents } from './user-agents.ts';

/** One viewer as CloudFront sees it: nearly everything about it stays the same all day. Strings are log-encoded. */
export interface Viewer {
  readonly ip: string;
  readonly edgeLocation: string;
  readonly host: string;
  readonly userAgent: string;
  readonly isCrawler: boolean;
  readonly sendsReferer: boolean;
  readonly forwardedFor: string;
  readonly httpVersion: string;
  /** `ssl-protocol`, tab, `ssl-cipher`. */
  readonly tls: string;
}

const crawlerShare = 0.19;

/** The viewer with this popularity rank; the same for the same seed. */
export function createViewer(seed: number, rank: number, userAgents: UserAgents): Viewer {
  const random = new Random(seed, 0x71e3, rank);
  const isCrawler = random.chance(crawlerShare);
  const isOld = random.chance(isCrawler ? 0.25 : 0.03);
  return {
    ip: random.chance(0.15) ? ipv6(random) : ipv4(random),
    edgeLocation: edgeLocation(random),
    host: skewed(random, hosts, 2.5),
    userAgent: isCrawler ? userAgents.crawler(random) : userAgents.person(random),
    isCrawler,
    sendsReferer: !isCrawler && random.chance(0.6),
    forwardedFor: random.chance(0.02) ? forwardedFor(random) : '-',
    httpVersion: isCrawler ? random.pick(['HTTP/1.1', 'HTTP/2.0']) : skewed(random, httpVersions, 2),
    tls: isOld ? 'TLSv1.2\tECDHE-RSA-AES128-GCM-SHA256' : 'TLSv1.3\tTLS_AES_128_GCM_SHA256',
  };
}

const hosts = ['www.example.com', 'shop.example.com', 'static.example.com', 'example.com', 'api.example.com'];
const httpVersions = ['HTTP/2.0', 'HTTP/3.0', 'HTTP/1.1'];

/** Location codes of tobilg/aws-edge-locations (MIT), in an order of our own: the first ones see most of the traffic. */
const edgeCodes = (
  'FRA IAD LHR JFK CDG AMS SFO LAX ORD DFW MAD MXP SEA ATL MIA GRU NRT SIN HKG BOM DUB ARN WAW VIE ZRH MUC HAM DUS ' +
  'TXL BRU CPH OSL HEL LIS FCO PRG BUD OTP SOF ATH IST TLV DXB JNB CPT NBO LOS DEL MAA BLR HYD CCU ICN KIX TPE MNL ' +
  'KUL BKK CGK SGN SYD MEL PER AKL YUL YTO BOG LIM SCL EZE GIG DEN PHX SLC IAH BOS PHL MSP'
).split(' ');

function edgeLocation(random: Random): string {
  const code = skewed(random, edgeCodes, 3.2);
  return `${code}${50 + random.below(8)}-${random.chance(0.8) ? 'P' : 'C'}${1 + random.below(4)}`;
}

/** Earlier choices are more likely; the larger the skew, the more. */
function skewed<T>(random: Random, choices: readonly T[], skew: number): T {
  const choice = choices[Math.floor(random.fraction() ** skew * choices.length)];
  if (choice === undefined) throw new Error('BUG: choice from an empty list');
  return choice;
}

const privateFirstOctets = new Set([10, 100, 127, 169, 172, 192, 198]);

function ipv4(random: Random): string {
  let first = 1 + random.below(222);
  while (privateFirstOctets.has(first)) first = 1 + random.below(222);
  return `${first}.${random.below(256)}.${random.below(256)}.${1 + random.below(254)}`;
}

function ipv6(random: Random): string {
  const group = (): string => random.below(0x10000).toString(16);
  const network = `${random.pick(['2001', '2003', '2600', '2804', '2a00', '2a02'])}:${group()}:${group()}`;
  if (random.chance(0.2)) return `${network}::${group()}`;
  return `${network}:${group()}:${group()}:${group()}:${group()}:${group()}`;
}

/** A proxy's list: comma and (log-encoded) space. */
function forwardedFor(random: Random): string {
  return random.chance(0.5) ? ipv4(random) : `${ipv4(random)},%20${ipv4(random)}`;
}

import { encodeForLog } from './log-encoding.ts';
import { Random } from './random.ts';

/** A resource of the site. `stem` is log-encoded. */
export interface SitePath {
  readonly stem: string;
  readonly isPage: boolean;
  readonly contentType: string;
  /** Length of the object according to the origin, bytes. */
  readonly contentLength: number;
  readonly isVideo: boolean;
}

interface Kind {
  readonly share: number;
  readonly contentType: string;
  /** Median size in bytes and the standard deviation of the size's logarithm. */
  readonly median: number;
  readonly sigma: number;
  readonly stem: (slug: string, random: Random) => string;
}

const directory = (random: Random): string => random.pick(['static', 'assets', 'media', 'dist', 'theme']);

/** Sums to 1; the first are the pages, the others are what browsers fetch for them. */
const kinds: readonly Kind[] = [
  { share: 0.42, contentType: 'text/html', median: 9_000, sigma: 1.1, stem: (slug, r) => pageStem(slug, r) },
  { share: 0.13, contentType: 'image/jpeg', median: 28_000, sigma: 1.2, stem: (slug) => `/images/${slug}.jpg` },
  { share: 0.07, contentType: 'image/webp', median: 14_000, sigma: 1.1, stem: (slug) => `/images/w640/${slug}.webp` },
  {
    share: 0.07,
    contentType: 'image/png',
    median: 6_000,
    sigma: 1.5,
    stem: (slug, r) => `/${directory(r)}/${slug}.png`,
  },
  {
    share: 0.11,
    contentType: 'application/javascript',
    median: 22_000,
    sigma: 1.3,
    stem: (slug, r) => `/${directory(r)}/js/${slug}.js`,
  },
  {
    share: 0.05,
    contentType: 'text/css',
    median: 9_000,
    sigma: 1.2,
    stem: (slug, r) => `/${directory(r)}/css/${slug}.css`,
  },
  { share: 0.03, contentType: 'image/svg+xml', median: 1_800, sigma: 1, stem: (slug) => `/icons/${slug}.svg` },
  { share: 0.02, contentType: 'font/woff2', median: 24_000, sigma: 0.5, stem: (slug) => `/fonts/${slug}.woff2` },
  { share: 0.06, contentType: 'application/json', median: 1_500, sigma: 1.4, stem: (slug) => `/api/v2/items/${slug}` },
  { share: 0.02, contentType: 'video/mp4', median: 3_500_000, sigma: 1.2, stem: (slug) => `/video/${slug}.mp4` },
  {
    share: 0.01,
    contentType: 'application/pdf',
    median: 600_000,
    sigma: 1.2,
    stem: (slug) => `/downloads/${slug}.pdf`,
  },
  { share: 0.01, contentType: 'application/xml', median: 15_000, sigma: 1, stem: (slug) => `/feeds/${slug}.xml` },
];

const frontPage: SitePath = {
  stem: '/',
  isPage: true,
  contentType: 'text/html',
  contentLength: 18_204,
  isVideo: false,
};

/** An object longer than 2^32 bytes: a column of 32 bits would store a wrong number. */
export const hugeObject: SitePath = {
  stem: '/downloads/dataset-full.tar',
  isPage: false,
  contentType: 'application/x-tar',
  contentLength: 6_442_450_944,
  isVideo: false,
};

/** The resource with this popularity rank; different for every rank, the same for the same seed. */
export function createPath(seed: number, rank: number): SitePath {
  if (rank === 0) return frontPage;
  const random = new Random(seed, 0x9a7b, rank);
  const kind = kindFor(random.fraction());
  const slug = `${random.pick(words)}-${random.pick(words)}-${rank.toString(36)}`;
  return {
    stem: encodeForLog(kind.stem(slug, random)),
    isPage: kind.contentType === 'text/html',
    contentType: kind.contentType,
    contentLength: Math.ceil(random.logNormal(kind.median, kind.sigma)),
    isVideo: kind.contentType.startsWith('video/'),
  };
}

function kindFor(fraction: number): Kind {
  let remaining = fraction;
  for (const kind of kinds) {
    remaining -= kind.share;
    if (remaining < 0) return kind;
  }
  throw new Error('BUG: the shares of the kinds of paths do not sum to 1');
}

/** A few pages have names in other scripts; the browser sends them percent-encoded, CloudFront encodes the `%` again. */
function pageStem(slug: string, random: Random): string {
  const section = random.pick(['blog', 'products', 'category', 'guides', 'news']);
  if (random.chance(0.05)) return `/${section}/${encodeURIComponent(random.pick(foreignWords))}/${slug}`;
  return random.chance(0.4) ? `/${section}/${random.pick(words)}/${slug}.html` : `/${section}/${slug}/`;
}

const foreignWords = ['über-uns', 'größen', 'caffè', '製品', 'محصولات', 'новости', 'señal', 'one two'];

const words = (
  'alpine amber anchor atlas basin beacon birch border bridge canal canyon cedar chain channel cliff cloud coast copper ' +
  'coral crane creek crystal current dam delta desert drift dune eagle echo ember falls fern field fjord flint flood ' +
  'forest gate glacier granite gravel grove gulf harbor hazel heron hill hollow inlet iron island ivory jetty kettle ' +
  'lagoon lake lantern ledge linen lock maple marble marsh meadow mill mint moss mountain oak ocean olive orchard otter ' +
  'paper pebble penstock pier pine plain pond prairie quarry rapids raven reef ridge river rotor sand shore silver sluice'
).split(' ');

import { encodeForLog } from './log-encoding.ts';
import type { SitePath } from './paths.ts';
import type { Random } from './random.ts';

/**
 * `cs-uri-query`, log-encoded, or `-`. About 18 % of requests have one; one in a hundred of all is longer than 1 kB,
 * as the filter links of shops and the redirects of single sign-on are.
 */
export function createQuery(random: Random, path: SitePath): string {
  const fraction = random.fraction();
  if (fraction < 0.01) return longQuery(random);
  if (path.isPage) {
    if (fraction < 0.09)
      return `utm_source=${random.pick(sources)}&utm_medium=${random.pick(media)}&utm_campaign=c${random.below(4)}`;
    if (fraction < 0.15) return `page=${1 + random.below(6)}&ref=${random.pick(referrers)}`;
    if (fraction < 0.2) return `q=${encodeForLog(encodeURIComponent(random.pick(searches)))}`;
    return '-';
  }
  if (path.contentType === 'application/json') return `id=${path.contentLength + random.below(3)}&fields=name,price`;
  return fraction < 0.14 ? `v=${path.contentLength.toString(16)}` : '-';
}

const sources = ['google', 'newsletter', 'facebook', 'bing', 'partner', 'chatgpt.com'];
const media = ['cpc', 'email', 'social', 'organic'];
const referrers = ['google.com', 'news.ycombinator.com', 'home', 'footer', 'reddit.com'];
const searches = ['water turbine', 'größe 42', 'price<100', '50% off', 'kettle & pot', 'قیمت'];

function longQuery(random: Random): string {
  const filters = Array.from({ length: 14 + random.below(8) }, (_, position) => ({
    field: `attribute_${position}`,
    in: [random.below(1000), random.below(1000)],
  }));
  return `filter=${encodeForLog(encodeURIComponent(JSON.stringify(filters)))}`;
}

const paths = ['/', '/index.html', '/app.js', '/api/orders', '/img/a.png', '/search'];
const agents = ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'curl/8.5.0'];

/** A request as CloudFront's v2 logs write it in JSON, with a newline. */
export function cloudFrontLine(number: number): string {
  const at = new Date(Date.UTC(2026, 9, 1) + number * 10).toISOString();
  return `${JSON.stringify({
    date: at.slice(0, 10),
    time: at.slice(11, 19),
    'x-edge-location': 'FRA60-P1',
    'sc-bytes': String(500 + (number % 9000)),
    'c-ip': `192.0.${number % 250}.${(number * 7) % 250}`,
    'cs-method': 'GET',
    'cs(Host)': 'd111111abcdef8.cloudfront.net',
    'cs-uri-stem': `${paths[number % paths.length]}`,
    'sc-status': number % 50 === 0 ? '502' : '200',
    'cs(Referer)': '-',
    'cs(User-Agent)': agents[number % agents.length],
    'cs-uri-query': '-',
    'cs(Cookie)': '-',
    'x-edge-result-type': number % 3 ? 'Hit' : 'Miss',
    'x-edge-request-id': `pressure-${number}`,
    'x-host-header': 'www.example.com',
    'cs-protocol': 'https',
    'cs-bytes': '300',
    'time-taken': '0.012',
  })}\n`;
}

/** One in five is a bot. */
const agents = [
  'Mozilla/5.0%20(X11;%20Linux%20x86_64)%20AppleWebKit/537.36%20(KHTML,%20like%20Gecko)%20Chrome/142.0.0.0%20Safari/537.36',
  'Mozilla/5.0%20(iPhone;%20CPU%20iPhone%20OS%2018_6%20like%20Mac%20OS%20X)%20AppleWebKit/605.1.15',
  'Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64;%20rv:144.0)%20Gecko/20100101%20Firefox/144.0',
  'Mozilla/5.0%20(Macintosh;%20Intel%20Mac%20OS%20X%2010_15_7)%20AppleWebKit/605.1.15',
  'Mozilla/5.0%20(compatible;%20Googlebot/2.1;%20+http://www.google.com/bot.html)',
];
const edges = 40;

/**
 * The line of a request at a moment. The same number gives the same request, apart from the time.
 * @param timeMs epoch ms
 * @param viewers each number below it, modulo, is a viewer of its own
 */
export function requestLine(number: number, timeMs: number, viewers: number): string {
  const viewer = number % viewers;
  // Viewers do not come in the order of their addresses.
  const address = ((viewer * 2_654_435_761) % 16_777_216) >>> 0;
  return `${[
    (timeMs / 1000).toFixed(3),
    `11.${address >> 16}.${(address >> 8) & 255}.${address & 255}`,
    number % 50 === 0 ? '404' : '200',
    String(500 + (number % 90_000)),
    'GET',
    'www.example.com',
    `/asset/${number % 5000}`,
    `FRA${56 + (number % edges)}-P4`,
    `${String(number).padStart(12, '0')}-bench-request-id==`,
    '0.012',
    agents[number % agents.length],
    number % 3 === 0 ? 'Miss' : 'Hit',
  ].join('\t')}\n`;
}

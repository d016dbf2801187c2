/**
 * What a spreadsheet takes for the beginning of a formula, or skips before it looks; the wide ones are taken for the same
 * where people write with them.
 */
const beginnings = new Set('=+-@\t\r\n＝＋－＠');

type Place = 'cell' | 'opened' | 'text' | 'quote' | 'number';

/**
 * CSV as ClickHouse writes it, in which no text begins a formula: a spreadsheet would run `=HYPERLINK(…)` out of a log
 * line. Such a text gets an apostrophe before it; numbers, which alone stand without quotation marks, stay as they are.
 * Bytes that are not UTF-8 become U+FFFD.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export async function* guardFormulas(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const encoder = new TextEncoder();
  const guard = new FormulaGuard();
  for await (const chunk of chunks) yield encoder.encode(guard.write(decoder.decode(chunk, { stream: true })));
  yield encoder.encode(guard.write(decoder.decode()));
}

class FormulaGuard {
  /** Where the next character stands. */
  #place: Place = 'cell';

  write(text: string): string {
    let written = '';
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.charAt(at);
      if (this.#place === 'opened' && beginnings.has(character)) {
        written += `${text.slice(from, at)}'`;
        from = at;
      }
      this.#place = after(this.#place, character);
    }
    return written + text.slice(from);
  }
}

function after(place: Place, character: string): Place {
  switch (place) {
    case 'opened':
    case 'text':
      return character === '"' ? 'quote' : 'text';
    case 'quote':
      // Two of them are one within the text.
      if (character === '"') return 'text';
      break;
    case 'cell':
      if (character === '"') return 'opened';
  }
  return character === ',' || character === '\n' ? 'cell' : 'number';
}

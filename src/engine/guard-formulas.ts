/**
 * Characters that start a formula in a spreadsheet, or that it skips before one; the full-width ones do the same
 * in East Asian locales.
 */
const beginnings = new Set('=+-@\t\r\n＝＋－＠');

type Place = 'cell' | 'opened' | 'text' | 'quote' | 'number';

/**
 * ClickHouse's CSV, modified so that no text starts a formula: a spreadsheet would run `=HYPERLINK(…)` from a log
 * line. Such a text gets a leading apostrophe; numbers, the only unquoted values, are unchanged.
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
  /** Position of the next character. */
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
      // A doubled quote is one quote within the text.
      if (character === '"') return 'text';
      break;
    case 'cell':
      if (character === '"') return 'opened';
  }
  return character === ',' || character === '\n' ? 'cell' : 'number';
}

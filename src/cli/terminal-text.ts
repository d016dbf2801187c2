/**
 * Characters that control a terminal (C0 and C1), change the direction of text around them (bidirectional marks,
 * embeddings, overrides and isolates), or break a line without a newline.
 */
const steering = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Escapes untrusted text (log lines, file names, SQL, server answers) for a terminal: control characters become visible
 * as `\u001b`. Newlines and tabs stay. Within JSON the result is an equivalent spelling of the same text.
 */
export function safeText(text: string): string {
  return text.replace(steering, (character) =>
    character === '\n' || character === '\t' ? character : escapeCharacter(character),
  );
}

/** {@link safeText} on one line: newlines are escaped too. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll('\n', escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** {@link safeText} of a stream of bytes; invalid UTF-8 becomes U+FFFD. */
export async function* safeTextChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of chunks) yield safeText(decoder.decode(chunk, { stream: true }));
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

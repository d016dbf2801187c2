/**
 * What steers a terminal (control characters of both sets, C0 and C1), turns the text around it (marks, embeddings,
 * overrides and isolates of writing direction), or breaks a line where no newline stands.
 */
const steering = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text of others (lines of logs, names of files, SQL, what servers answer) as it may be shown on a terminal: what would
 * steer it becomes visible as `\u001b`. Newlines and tabs stay. Within JSON that is the same text, written differently.
 */
export function safeText(text: string): string {
  return text.replace(steering, (character) =>
    character === '\n' || character === '\t' ? character : escapeCharacter(character),
  );
}

/** The same as one line. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll('\n', escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The same of bytes that come in pieces; what is not UTF-8 becomes U+FFFD. */
export async function* safeTextChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of chunks) yield safeText(decoder.decode(chunk, { stream: true }));
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

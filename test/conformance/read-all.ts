/** The whole of a streamed result as text. */
export async function readAll(chunks: AsyncIterable<Uint8Array>, encoding: BufferEncoding = 'utf8'): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString(encoding);
}

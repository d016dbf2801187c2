/** Characters of lines whose answers are kept; a sample has fewer. */
const mostCharacters = 1024 * 1024;

/**
 * Remembers what a function says of a line: detection asks it of the same lines for each format and each transport.
 * @param ask pure; what it gives is shared, and must not be changed
 */
export function rememberLines<T>(ask: (line: string) => T): (line: string) => T {
  const answers = new Map<string, { readonly answer: T }>();
  let characters = 0;
  return (line) => {
    const known = answers.get(line);
    if (known) return known.answer;
    const answer = ask(line);
    if (line.length > mostCharacters) return answer;
    characters += line.length;
    if (characters > mostCharacters) {
      answers.clear();
      characters = line.length;
    }
    answers.set(line, { answer });
    return answer;
  };
}

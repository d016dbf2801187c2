const shownCharacters = 60;

/** A filter that cannot be read. The message names the term, and says what to do. */
export class FilterError extends Error {
  override readonly name = 'FilterError';

  constructor(term: string, problem: string) {
    const shown = term.length > shownCharacters ? `${term.slice(0, shownCharacters)}…` : term;
    super(`${shown === '' ? '' : `${shown}: `}${problem}`);
  }
}

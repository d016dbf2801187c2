import { z } from 'zod';
import { describeIssues } from './schema-problems.ts';

/** Users do not fix more of them at once. */
const mostProblems = 10;

/**
 * Judges a value that is not from the file as the file's values are judged.
 * @param name what messages call it
 * @returns the value, or problems that say what to do
 */
export function judgeDefinition<T extends z.ZodType>(
  name: string,
  schema: T,
  written: unknown,
): { readonly value: z.output<T> } | { readonly problems: readonly string[] } {
  const wrapper = z.strictObject({ [name]: schema });
  const value = { [name]: written };
  const result = wrapper.safeParse(value);
  if (result.success) return { value: result.data[name] as z.output<T> };
  // It has no text with places in it, and its writer knows what is in it.
  const values = { value, problems: [], places: [], place: () => undefined };
  const problems = describeIssues(
    result.error.issues,
    { schema: wrapper, values, isHidden: () => false },
    mostProblems,
  );
  return { problems: problems.map(({ message }) => message) };
}

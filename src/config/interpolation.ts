/** Values of environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface InterpolationProblem {
  /** The reference as written, e.g. `${PORT}`, to find it in the source. */
  readonly written: string;
  readonly message: string;
}

export interface Interpolation {
  /** The text with every reference replaced; meaningless when there are problems. */
  readonly text: string;
  /** Names of the referenced variables, in order. */
  readonly variables: readonly string[];
  readonly problems: readonly InterpolationProblem[];
}

// `$$` first, so that `$${X}` is the text `${X}`. A `${` without its `}` is matched too, to be refused.
const reference = /\$\$|\$\{([^}]*)(\}?)/g;
const inside = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:-|:\?)([\s\S]*))?$/;
const forms = `write \${NAME}, \${NAME:-default} or \${NAME:?message}, and $$ for a dollar sign`;

/**
 * Replaces `${NAME}`, `${NAME:-default}` (when unset or empty), `${NAME:?message}` (a problem when unset or empty) and
 * `$$`. A single `$` elsewhere stays. Not recursive: values of variables are not interpolated. Never throws.
 */
export function interpolate(text: string, environment: Environment): Interpolation {
  const variables: string[] = [];
  const problems: InterpolationProblem[] = [];

  const replaced = text.replaceAll(reference, (written: string, body: string | undefined, closing: string) => {
    if (body === undefined) return '$';
    const [, name, operator, operand = ''] = inside.exec(body) ?? [];
    if (closing === '' || name === undefined || operand.includes('${')) {
      problems.push({ written, message: malformed(body, closing, operand) });
      return '';
    }
    variables.push(name);
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && (value !== '' || operator === undefined)) return value;
    if (operator === ':-') return operand;
    problems.push({ written, message: missing(name, value, operator === undefined ? '' : operand) });
    return '';
  });
  return { text: replaced, variables, problems };
}

/** True when every character belongs to `${NAME}` or `${NAME:?message}`: such a text reveals no value. */
export function isOnlyReferences(text: string): boolean {
  return /^(\$\{[A-Za-z_][A-Za-z0-9_]*(:\?[^}]*)?\}\s*)+$/.test(text.trim());
}

// The operand of a default may be a password, so what was written is never repeated.
function malformed(body: string, closing: string, operand: string): string {
  const cause =
    closing === ''
      ? 'its "}" is missing'
      : operand.includes('${')
        ? 'a default cannot hold another variable'
        : body === ''
          ? 'it names no variable'
          : 'it is not a form that is understood';
  return `cannot replace variable "\${…}": ${cause}; ${forms}`;
}

function missing(name: string, value: string | undefined, explanation: string): string {
  const cause = value === undefined ? 'it is not set' : 'it is empty';
  const remedy = explanation.trim() || `set it before starting, or give a default: \${${name}:-value}`;
  return `cannot replace variable "${name}": ${cause} in the environment; ${remedy}`;
}

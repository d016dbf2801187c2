import { type Excerpt, formatExcerpt } from './excerpt.ts';

export interface ConfigProblem {
  /** From 1. Absent when the file as a whole could not be read. */
  readonly line?: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column?: number;
  /** `server.port`; empty for the file as a whole. */
  readonly path: string;
  /** `cannot <verb> <thing> "<value>": <cause>; <what to do>` */
  readonly message: string;
  /** The line of the file with everything secret already replaced. */
  readonly excerpt?: Excerpt;
}

/** All problems of one configuration file, in the order of its lines. Contains no secret value. */
export class ConfigError extends Error {
  readonly code = 'TAILRACE_CONFIG_INVALID';
  /** The file name as the user gave it. */
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const lines = problems.map((problem) => `${location(file, problem)}: ${problem.message}`);
    const [first = `${file}: cannot read configuration`] = lines;
    super(lines.length <= 1 ? first : [`${lines.length} problems in ${file}`, ...lines].join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.problems = problems;
  }

  /** For the terminal: each problem with its line of the file and a caret under it. Ends without a newline. */
  render(): string {
    const blocks = this.problems.map((problem) => {
      const excerpt = problem.excerpt && problem.line ? `\n${formatExcerpt(problem.excerpt, problem.line)}` : '';
      return `${location(this.file, problem)}: ${problem.message}${excerpt}`;
    });
    const heading = this.problems.length > 1 ? [`${this.problems.length} problems in ${this.file}`] : [];
    return [...heading, ...blocks].join('\n\n');
  }
}

function location(file: string, { line, column }: ConfigProblem): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

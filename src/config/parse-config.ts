import { LineCounter, parseDocument } from 'yaml';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { formatPath } from './config-path.ts';
import type { FoundProblem } from './config-problem.ts';
import { type Config, createConfigSchema, type SchemaOptions } from './config-schema.ts';
import { createExcerpt } from './excerpt.ts';
import { hideValues } from './hidden-values.ts';
import type { Environment } from './interpolation.ts';
import { retypeNumbers } from './retype-numbers.ts';
import { describeIssues } from './schema-problems.ts';
import { suspectedSecrets } from './secrecy.ts';
import type { Span } from './span.ts';
import { findExcess } from './yaml-excess.ts';
import { syntaxProblems } from './yaml-syntax.ts';
import { readYamlValues } from './yaml-values.ts';

export interface ParseOptions extends SchemaOptions {
  /** Name of the file for messages. */
  readonly file: string;
  readonly environment: Environment;
}

/** Reads the text of a configuration file. Pure. Throws {@link ConfigError} with all problems, and nothing else. */
export function parseConfig(text: string, options: ParseOptions): Config {
  const source = text.replace(/^\uFEFF/, '');
  const schema = createConfigSchema(options);
  const lines = new LineCounter();
  const excess = findExcess(source, lines);
  // Without an excerpt, since its secrets are not known yet.
  if (excess) throw new ConfigError(options.file, [{ ...placeOf(excess, lines), message: excess.message }]);
  // Duplicate keys are detected here, where the line of the first one is available.
  const document = parseDocument(source, { prettyErrors: false, uniqueKeys: false });

  const values = readYamlValues(document.contents, source, options.environment, mostProblems);
  const hidden = hideValues(schema, values, source);
  const fail = (problems: readonly FoundProblem[], spans: readonly Span[] = hidden.spans) =>
    new ConfigError(options.file, locate(problems, source, lines, spans));

  const syntax = syntaxProblems(document, source, mostProblems);
  // A broken document may have parsed a secret as something else, so suspicion is enough to hide a value.
  if (syntax.length > 0) throw fail(syntax, [...hidden.spans, ...suspectedSecrets(source)]);
  if (values.value === null && values.problems.length === 0) throw new ConfigError(options.file, [emptyFile]);

  const value = retypeNumbers(schema, values);
  const result = schema.safeParse(value);
  if (result.success && values.problems.length === 0) return result.data;
  const judged = { schema, values: { ...values, value }, isHidden: hidden.isHidden };
  const issues = result.success ? [] : result.error.issues;
  throw fail([...values.problems, ...describeIssues(issues, judged, mostProblems)]);
}

// Users do not fix more of them at once, and each takes time to explain.
const mostProblems = 50;

const emptyFile: ConfigProblem = {
  line: 1,
  column: 1,
  path: '',
  message:
    'cannot read configuration: the file says nothing; write a section, for example "server: { port: 4280 }", or start without a file',
};

function locate(
  problems: readonly FoundProblem[],
  source: string,
  lines: LineCounter,
  hidden: readonly Span[],
): ConfigProblem[] {
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => a.span[0] - b.span[0])
    .filter(({ span, message }) => {
      const key = `${span[0]} ${message}`;
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, mostProblems)
    .map((problem) => ({
      ...placeOf(problem, lines),
      message: problem.message,
      excerpt: createExcerpt(source, problem.span, hidden),
    }));
}

function placeOf({ span, path }: FoundProblem, lines: LineCounter): Pick<ConfigProblem, 'line' | 'column' | 'path'> {
  const { line, col } = lines.linePos(span[0]);
  return { line, column: col, path: formatPath(path) };
}

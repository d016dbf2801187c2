/**
 * What a sender wants to see of an answer: `filter_path=errors,items.*.error,items.*.status`. `*` stands for any part of a
 * name, `**` for any names; the elements of an array count as the array itself. Paths that exclude are not followed.
 * https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options
 *
 * @returns undefined when nothing is left
 */
export function filterByPaths(value: unknown, filter: string): unknown {
  const paths = filter.split(',').filter((path) => path !== '' && !path.startsWith('-'));
  return paths.length === 0
    ? value
    : keep(
        value,
        paths.map((path) => path.split('.').map(toPattern)),
      );
}

type Step = RegExp | 'any';

function toPattern(step: string): Step {
  if (step === '**') return 'any';
  return new RegExp(`^${step.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

function keep(value: unknown, paths: readonly (readonly Step[])[]): unknown {
  if (Array.isArray(value)) {
    const kept = value.map((element) => keep(element, paths)).filter((element) => element !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const rests = paths.flatMap((path) => follow(path, key));
    const child = rests.some((rest) => rest.length === 0) ? member : keep(member, rests);
    if (child !== undefined) kept[key] = child;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** What is left of a path after a name; none when it does not lead there. */
function follow([step, ...rest]: readonly Step[], key: string): (readonly Step[])[] {
  if (step === undefined) return [];
  if (step !== 'any') return step.test(key) ? [rest] : [];
  return rest.length === 0 ? [[]] : [[step, ...rest], ...follow(rest, key)];
}

import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaults } from '../../../src/config/defaults.ts';
import { windowsSection } from '../../../src/config/sections/windows-section.ts';
import { definitionOf, draftOf, emptyDraft, type WindowDraft, yamlOf } from './window-draft.ts';

const drafts: readonly WindowDraft[] = [
  emptyDraft,
  {
    ...emptyDraft,
    type: 'hopping',
    keep: '30d',
    from: 'logs',
    sql: "SELECT 'a: #b' AS x,\n\n  count() AS n\nFROM logs",
  },
  { ...emptyDraft, type: 'session', name: 'on', key: 'client_ip, user_agent,', sql: '  SELECT 1 FROM requests  ' },
];

test.each(drafts)('what is copied is what was tested: $name, $type', (draft) => {
  const written = parse(yamlOf(draft));
  expect(written).toEqual({ windows: { [draft.name]: definitionOf(draft) } });
  expect(windowsSection('/').parse(written.windows)).toMatchObject([{ name: draft.name, from: draft.from }]);
});

test('what is not written in a draft is the default of the configuration', () => {
  const { disorder, lateness, idle, keep, rebuild, longest } = defaults.windows;
  expect(emptyDraft).toMatchObject({ disorder, lateness, idle, keep, rebuild, longest });
});

test('what no length is stays one text', () => {
  const size = '1s }, sql: "x';
  expect(parse(yamlOf({ ...emptyDraft, size })).windows.by_host.window).toEqual({ type: 'tumbling', size });
});

test('a query that there is becomes a draft of the same', () => {
  const [query] = windowsSection('/').parse({
    visits: {
      window: { type: 'session', gap: '90s', longest: '12h', key: ['client_ip'] },
      ...{ lateness: '0s', idle: '1m', keep: '30d', rebuild: '0s' },
      sql: 'SELECT 1 FROM requests',
    },
  });
  if (!query) throw new Error('BUG: it is there');
  const window = { ...query.window, key: ['client_ip'] };
  const draft = draftOf({ ...query, window } as unknown as Parameters<typeof draftOf>[0]);
  expect(definitionOf(draft)).toEqual({
    from: 'requests',
    window: { type: 'session', gap: '90s', longest: '12h', key: ['client_ip'] },
    ...{ lateness: '0s', disorder: '5s', idle: '1m', keep: '30d', rebuild: '0s' },
    sql: 'SELECT 1 FROM requests',
  });
});

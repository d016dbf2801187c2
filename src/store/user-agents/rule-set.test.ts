import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readRules } from './rule-set.ts';
import { ruleSetVersion } from './rule-set-version.ts';

/** When `rules` differs although `version` does not: raise `translationRevision`, or stores keep their old rules. */
const current = { version: '1.60.0.3.77c1f27c468d', rules: 'd915b78dcb60' };

test('the version changes with the rules', () => {
  const rules = createHash('sha256').update(JSON.stringify(readRules())).digest('hex').slice(0, 12);
  expect({ version: ruleSetVersion(), rules }).toEqual(current);
});

test('ids are unique in each list', () => {
  const keys = readRules().map((rule) => `${rule.list} ${rule.id}`);
  expect(new Set(keys).size).toBe(keys.length);
});

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readRules, ruleSetVersion, translationRevision } from './rule-set.ts';

/** When this differs although no package changed: raise `translationRevision`, or stores keep their old rules. */
const rulesOfRevision = { revision: 1, packages: '0.18.0+1.60.0', hash: 'baab7bf5c48b' };

test('the version changes with the rules', () => {
  const hash = createHash('sha256').update(JSON.stringify(readRules())).digest('hex').slice(0, 12);
  const packages = ruleSetVersion().split('.').slice(0, 5).join('.');
  expect({ revision: translationRevision, packages, hash }).toEqual(rulesOfRevision);
});

test('ids are unique in each list', () => {
  const keys = readRules().map((rule) => `${rule.list} ${rule.id}`);
  expect(new Set(keys).size).toBe(keys.length);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceKinds } from '../../src/config/sections/sources/source-kinds.ts';
import { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { intakeNames } from '../../src/sources/http/intake-counts.ts';
import { testSource } from './source.ts';
import { sources } from './sources.ts';

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

describe.each(sources)('$name', (source) => testSource(source, () => scratch));

test('every source and intake is in the list', () => {
  const kinds = new Set<string>(sources.map(({ kind }) => kind));
  expect([...Object.keys(sourceKinds), ...intakeNames].filter((kind) => !kinds.has(kind))).toEqual([]);
});

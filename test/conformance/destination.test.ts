import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { destinationKinds } from '../../src/config/sections/destinations/destination-kinds.ts';
import { testDestination } from './destination.ts';
import { destinations } from './destinations.ts';
import { ShippedStore } from './shipped-store.ts';

vi.mock('../../src/waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

let store: ShippedStore;

beforeAll(async () => {
  store = await ShippedStore.open();
});

afterAll(() => store?.close());

for (const destination of destinations) {
  if (destination.missing) console.warn(`skipped: ${destination.name}, because ${destination.missing}`);
  describe.skipIf(destination.missing)(destination.name, () => testDestination(destination, () => store));
}

test('every destination is in the list', () => {
  const kinds = new Set<string>(destinations.map(({ kind }) => kind));
  expect(Object.keys(destinationKinds).filter((kind) => !kinds.has(kind))).toEqual([]);
});

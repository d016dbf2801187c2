import type { DestinationUnderTest } from './destination-under-test.ts';
import { folders } from './destinations/folders.ts';

/** Every destination; a new one gets its place here. */
export const destinations: readonly DestinationUnderTest[] = [...folders];

import type { Engine } from '../engine/engine.ts';
import { migrate } from './migrate.ts';

export async function prepareStore(engine: Engine): Promise<void> {
  await migrate(engine);
}

import type { Engine } from '../engine/engine.ts';

/** A continuous query that was saved over the API. */
export interface SavedDefinition {
  readonly name: string;
  /** JSON, as it was written. */
  readonly definition: string;
}

/** Those that are not deleted, by name. */
export function readSaved(engine: Engine): Promise<SavedDefinition[]> {
  return engine.rows<SavedDefinition>({
    sql: `
      SELECT name, argMax(s.definition, s.sequence) AS definition
      FROM saved_windows AS s
      GROUP BY name
      HAVING definition != ''
      ORDER BY name
      LIMIT 1000`,
  });
}

/** @param definition empty deletes it. Resolves when it is durable. */
export async function writeSaved(engine: Engine, { name, definition }: SavedDefinition): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO saved_windows (name, sequence, definition, at)
      SELECT {name:String}, greatest(max(sequence) + 1, toUnixTimestamp64Milli(now64(3))), {definition:String}, now64(3)
      FROM saved_windows
      WHERE name = {name:String}`,
    params: { name, definition },
  });
}

import type { Engine } from '../engine/engine.ts';
import { batchLayoutId, isRefused, nothingToRead } from './batch-layout.ts';
import { recordEvents, writeEvent } from './events.ts';
import { addBooks, type Books, emptyBooks, type FileInput } from './file-input.ts';
import { groupBy } from './group-by.ts';

/** Writes down what somebody should know about a batch that is stored. @returns it in words */
export async function tellOfBatch(
  engine: Engine,
  batch: string,
  inputs: readonly FileInput[],
  objects: readonly Books[],
): Promise<string[]> {
  const told: string[] = [];
  const groups = groupBy(inputs.keys(), (place) => batchLayoutId((inputs[place] as FileInput).layout));
  for (const places of groups.values()) {
    const books = places.map((place) => objects[place] ?? emptyBooks).reduce(addBooks, emptyBooks);
    const { layout, isSegmented, origin } = inputs[places[0] as number] as FileInput;
    if (layout === nothingToRead) continue;
    if (isRefused(layout) && books.lines === 0) {
      await writeEvent(engine, { name: 'object_refused', origin, batch, detail: layout.refused });
      told.push(`object_refused: ${origin}: ${layout.refused}`);
    } else if (books.rejected > 0 || isSegmented) {
      told.push(...(await recordEvents(engine, { ...books, batch }, layout, isSegmented ? origin : undefined)));
    }
  }
  return told;
}

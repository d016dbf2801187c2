import { afterAll, beforeAll, describe } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { testAsk } from './engine-ask.ts';
import { testInput } from './engine-input.ts';
import { testStatements } from './engine-statements.ts';
import { engines } from './engines.ts';

for (const { name, missing, open } of engines) {
  if (missing !== undefined) console.warn(`skipped: the conformance suite of the ${name} engine, because ${missing}`);
  describe.skipIf(missing !== undefined)(`the ${name} engine`, () => {
    let opened: { engine: Engine; close(): Promise<void> };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const engine = () => opened.engine;

    testStatements(engine);
    testInput(engine);
    testAsk(engine);
  });
}

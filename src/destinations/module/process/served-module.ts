import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { ModuleAnswer, ModuleRequest } from '../messages.ts';
import type { ModuleContext, ModuleDestination, RowBatch } from '../user-module.ts';
import { describeThrown } from './describe-thrown.ts';
import { readResult } from './read-result.ts';

/** The user's file, and what it exports. */
export class ServedModule {
  readonly #path: string;
  #exported: ModuleDestination | undefined;
  #options: ModuleContext['options'] = {};

  constructor(path: string) {
    this.#path = path;
  }

  /** Never throws. */
  async perform(request: ModuleRequest, rows: Buffer, signal: AbortSignal): Promise<ModuleAnswer> {
    try {
      return await this.#perform(request, rows, signal);
    } catch (thrown) {
      if (thrown instanceof ModuleShapeError) return { fault: thrown.message };
      return { fault: `${describeThrown(request.call, thrown)}; correct the module, or what it needs` };
    }
  }

  async #perform(request: ModuleRequest, bytes: Buffer, signal: AbortSignal): Promise<ModuleAnswer> {
    if (request.call === 'open') {
      this.#options = request.options;
      this.#exported = await load(this.#path);
      await this.#exported.open?.({ options: this.#options, signal });
      return { failed: [] };
    }
    const exported = this.#exported;
    switch (request.call) {
      case 'check':
        await exported?.check?.({ options: this.#options, signal });
        break;
      case 'close':
        await exported?.close?.();
        break;
      case 'write': {
        if (!exported) throw new Error('BUG: rows came before the module was opened');
        const { table, id, batch, part, attempt } = request;
        const rows = parseLines(bytes);
        const result: unknown = await exported.write({ table, rows, id, batch, part, attempt, signal } as RowBatch);
        return readResult(result, rows.length);
      }
    }
    return { failed: [] };
  }
}

class ModuleShapeError extends Error {}

async function load(path: string): Promise<ModuleDestination> {
  if (!existsSync(path)) throw new ModuleShapeError('it is not there; correct path');
  const found = (await import(pathToFileURL(path).href).catch((thrown) => {
    throw new ModuleShapeError(`${describeThrown('loading it', thrown)}; ${remedyOf(thrown)}`);
  })) as { readonly default?: Partial<ModuleDestination> };
  const example = 'write export default { write(batch) { … } }';
  if (typeof found.default?.write !== 'function') {
    throw new ModuleShapeError(`its default export has no function write; ${example}`);
  }
  for (const name of ['open', 'check', 'close'] as const) {
    if (!['function', 'undefined'].includes(typeof found.default[name])) {
      throw new ModuleShapeError(`${name} of its default export is not a function; correct it, or leave it out`);
    }
  }
  return found.default as ModuleDestination;
}

function remedyOf(thrown: unknown): string {
  const isCommonJs = /Unexpected token 'export'|Cannot use import statement/.test(String(thrown));
  return isCommonJs ? 'give it the suffix .mjs, or write "type": "module" in its package.json' : 'correct the module';
}

/** What ends a line is nowhere else in JSON as the engine writes it. */
function parseLines(bytes: Buffer): unknown[] {
  return JSON.parse(`[${bytes.toString().trimEnd().replaceAll('\n', ',')}]`);
}

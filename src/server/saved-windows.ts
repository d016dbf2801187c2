import { judgeDefinition } from '../config/judge-definition.ts';
import { windowDefinition } from '../config/sections/windows-section.ts';
import type { Engine } from '../engine/engine.ts';
import { compileQuery } from '../windows/compile-query.ts';
import type { Windows } from '../windows/run-windows.ts';
import { readSaved, writeSaved } from '../windows/saved-book.ts';
import type { WindowQuery } from '../windows/window-query.ts';
import { ApiError, questionError } from './api-error.ts';

const mostSaved = 100;
/** Another worker on the same ClickHouse server may have saved one. */
const lookEveryMs = 5_000;

interface SavedWindowsContext {
  readonly engine: Engine;
  readonly windows: Pick<Windows, 'apply'>;
  /** Receives what the operator should know. */
  readonly onEvent: (query: string, text: string) => void;
}

/** Continuous queries: those of the configuration, and beside them those that are saved in the store. */
export class SavedWindows {
  readonly #context: SavedWindowsContext;
  readonly #looking: NodeJS.Timeout | undefined;
  readonly #told = new Set<string>();
  #configured: readonly WindowQuery[];
  #saved: readonly WindowQuery[] = [];
  /** One change after the other. */
  #last: Promise<void> = Promise.resolve();

  private constructor(context: SavedWindowsContext, configured: readonly WindowQuery[]) {
    this.#context = context;
    this.#configured = configured;
    if (context.engine.kind !== 'server') return;
    this.#looking = setInterval(() => void this.#change(async () => {}).catch(() => {}), lookEveryMs);
  }

  /** Begins to answer all of them. @throws EngineError */
  static async open(context: SavedWindowsContext, configured: readonly WindowQuery[]): Promise<SavedWindows> {
    const opened = new SavedWindows(context, configured);
    await opened.apply(configured);
    return opened;
  }

  /** Whether a query is saved, and not in the configuration. */
  isSaved(name: string): boolean {
    return this.#saved.some((query) => query.name === name);
  }

  /** Goes on with these queries of the configuration. */
  apply(configured: readonly WindowQuery[]): Promise<void> {
    return this.#change(async () => {
      this.#configured = configured;
    });
  }

  /** Keeps a query, or another definition of it, and answers it. @param written as in tailrace.yaml. @throws ApiError */
  save(query: WindowQuery, written: unknown): Promise<void> {
    return this.#change(async () => {
      const { engine } = this.#context;
      this.#refuseConfigured(query.name);
      if (!this.isSaved(query.name) && this.#saved.length >= mostSaved)
        throw new ApiError(
          409,
          'TAILRACE_CONFLICT',
          `cannot save "${query.name}": there are ${mostSaved} saved queries`,
          { remedy: 'Delete one.' },
        );
      await compileQuery(engine, query).catch((error: unknown) => {
        throw questionError(error);
      });
      await writeSaved(engine, { name: query.name, definition: JSON.stringify(written) });
    });
  }

  /** Its results stay until they expire. @throws ApiError */
  remove(name: string): Promise<void> {
    return this.#change(async () => {
      this.#refuseConfigured(name);
      if (!this.isSaved(name))
        throw new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot delete "${name}": there is no such saved query`, {
          remedy: 'GET /api/windows lists them.',
        });
      await writeSaved(this.#context.engine, { name, definition: '' });
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    await this.#last;
  }

  #change(make: () => Promise<void>): Promise<void> {
    const changed = this.#last.then(async () => {
      await make();
      this.#saved = (await readSaved(this.#context.engine)).flatMap((one) => this.#read(one.name, one.definition));
      await this.#context.windows.apply([...this.#configured, ...this.#saved]);
    });
    this.#last = changed.catch(() => {});
    return changed;
  }

  #read(name: string, definition: string): WindowQuery[] {
    if (this.#configured.some((query) => query.name === name)) {
      this.#tell(name, 'the configuration has a query of this name, so that the saved one is not answered');
      return [];
    }
    const judged = judgeDefinition('definition', windowDefinition(), JSON.parse(definition));
    if ('value' in judged) return [{ name, ...judged.value, outputs: [] }];
    this.#tell(name, `its saved definition is not valid any more: ${judged.problems.join('; ')}`);
    return [];
  }

  #tell(name: string, text: string): void {
    if (!this.#told.has(name + text)) this.#context.onEvent(name, text);
    this.#told.add(name + text);
  }

  #refuseConfigured(name: string): void {
    if (!this.#configured.some((query) => query.name === name)) return;
    throw new ApiError(409, 'TAILRACE_CONFLICT', `cannot change "${name}": it is a query of the configuration`, {
      remedy: 'Change it in tailrace.yaml, or choose another name.',
    });
  }
}

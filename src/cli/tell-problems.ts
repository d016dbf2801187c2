import type { PipelineStatus } from '../pipeline/run-pipelines.ts';

/**
 * Compares pipelines with the previous check and reports each new problem once, and when it ends, since under a
 * supervisor the operator sees only this output. Failures that stop a source are reported when they happen.
 */
export class ProblemTeller {
  readonly #told = new Map<string, string>();

  look(pipelines: readonly PipelineStatus[]): string[] {
    const news: string[] = [];
    for (const { name, state, problem } of pipelines) {
      const before = this.#told.get(name);
      if (state === 'retrying' && problem !== undefined) {
        if (problem !== before) news.push(`${name}: ${problem}`);
        this.#told.set(name, problem);
      } else if (before !== undefined && state === 'running') {
        news.push(`${name}: runs again`);
        this.#told.delete(name);
      }
    }
    return news;
  }
}

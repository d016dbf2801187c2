import type { PipelineStatus } from '../pipeline/run-pipelines.ts';

/**
 * Looks at pipelines and tells in words what became of them since the last look: each trouble once, and its end. Whoever
 * runs the program under a supervisor sees nothing but its output. Failures that stop a source are told when they happen.
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

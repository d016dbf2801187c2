import { reportAddress } from './report-address.ts';
import type { DataSource, ReportAnswer } from './report-answer.ts';

interface Asked {
  readonly answer: Promise<ReportAnswer>;
  readonly controller: AbortController;
  /** Who waits for it. */
  waiting: number;
}

/**
 * Asks for the same report once, however many panels show it. Answers are kept as long as the source, so it is made
 * anew whenever there may be newer data.
 */
export function shareAnswers(source: DataSource): DataSource {
  const asked = new Map<string, Asked>();
  return {
    ...source,
    readReport(name, parameters, signal) {
      const address = reportAddress(name, parameters);
      const one = asked.get(address) ?? ask();
      one.waiting += 1;
      signal.addEventListener('abort', () => {
        one.waiting -= 1;
        if (one.waiting > 0) return;
        one.controller.abort();
        if (asked.get(address) === one) asked.delete(address);
      });
      return one.answer;

      function ask(): Asked {
        const controller = new AbortController();
        const answer = source.readReport(name, parameters, controller.signal);
        const created: Asked = { answer, controller, waiting: 0 };
        asked.set(address, created);
        // A failed one is asked again by who retries.
        answer.catch(() => asked.get(address) === created && asked.delete(address));
        return created;
      }
    },
  };
}

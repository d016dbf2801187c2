import { Counter, type Registry } from 'prom-client';
import type { AllIntakeCounts } from '../sources/http/intake-counts.ts';

/** @returns a function that updates the intake metrics; called at each scrape */
export function addIntakeMetrics(registry: Registry, counts: AllIntakeCounts): () => void {
  const registers = [registry];
  const counter = (name: string, help: string, ...more: string[]) =>
    new Counter({ name: `tailrace_intake_${name}_total`, help, labelNames: ['intake', ...more], registers });
  const requests = counter('requests', 'Requests that brought logs, the refused ones included');
  const bytes = counter('bytes', 'Bytes of their bodies, inflated, as far as they were read');
  const lines = counter('lines', 'Lines that the store took, rejected ones and comments included');
  const rejected = counter('rejected_lines', 'Lines kept in rejects, and documents or records refused one by one');
  const refused = counter(
    'refused_requests',
    'Requests refused as a whole. invalid: malformed or unauthorized; busy: too many at once; unavailable: no store',
    'reason',
  );
  return () => {
    for (const metric of [requests, bytes, lines, rejected, refused]) metric.reset();
    for (const [intake, count] of Object.entries(counts)) {
      requests.inc({ intake }, count.requests);
      bytes.inc({ intake }, count.bytes);
      lines.inc({ intake }, count.lines);
      rejected.inc({ intake }, count.rejected);
      for (const [reason, times] of Object.entries(count.refused)) refused.inc({ intake, reason }, times);
    }
  };
}

import { useMemo } from 'react';
import { createEmbeddedSource, type EmbeddedData } from '../data/embedded-source.ts';
import { formatMoment, formatSpan } from '../format/time-text.ts';
import { CompletenessFacts } from '../overview/completeness-facts.tsx';
import { OverviewBody } from '../overview/overview-page.tsx';
import { PageHeader } from '../overview/page-header.tsx';
import { ReportContext, type ReportScope } from '../overview/report-context.ts';
import { TrustStrip } from '../overview/trust-strip.tsx';
import { parseUtc, resolveRange } from '../view/time-range.ts';

/** The overview as a file: the range is that of its reports, and nothing can be queried again. */
export function ReportPage({ data }: { readonly data: EmbeddedData }) {
  const generatedMs = Date.parse(data.generatedAt);
  const scope = useMemo((): ReportScope => {
    const parameters = Object.values(data.reports)[0]?.parameters;
    return {
      source: createEmbeddedSource(data),
      range: parameters
        ? { fromMs: parseUtc(parameters.from), toMs: parseUtc(parameters.to), step: parameters.step }
        : resolveRange('all', data.range),
      question: '',
      q: parameters?.q ?? '',
    };
  }, [data]);
  const { fromMs, toMs } = scope.range;
  return (
    <ReportContext value={scope}>
      <PageHeader subtitle={`Report of ${formatMoment(generatedMs)} UTC`}>
        <span className="report-range">{formatSpan(fromMs, toMs)} UTC</span>
      </PageHeader>
      <main className="page">
        <TrustStrip store={data.range} isLive={false}>
          <CompletenessFacts />
        </TrustStrip>
        <OverviewBody />
      </main>
    </ReportContext>
  );
}

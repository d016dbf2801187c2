import { CodeBlock } from '../panels/code-block.tsx';
import { sourcesSnippet } from './sources-snippet.ts';

/** How to configure the first pipeline. */
export function NoPipelines({ takesHttp }: { readonly takesHttp: boolean }) {
  return (
    <section className="panel empty-store" data-panel="no-pipelines">
      <h2>No pipeline is configured</h2>
      <p className="muted">A pipeline ingests logs from a source, each line exactly once.</p>
      <ol>
        <li>
          <p>
            Name your sources in <code>tailrace.yaml</code>:
          </p>
          <CodeBlock>{sourcesSnippet}</CodeBlock>
        </li>
        <li>
          <p>Check that they can be reached, then restart.</p>
          <CodeBlock>{'npx tailrace check\nnpx tailrace up'}</CodeBlock>
        </li>
      </ol>
      {takesHttp && (
        <p className="muted">
          Logs can also be sent here over HTTP, without configuration: Firehose at <code>/ingest/firehose</code>, any
          lines at <code>/ingest/ndjson</code>, Filebeat, Fluent Bit and Vector at <code>/_bulk</code>, OpenTelemetry at{' '}
          <code>/v1/logs</code>.
        </p>
      )}
    </section>
  );
}

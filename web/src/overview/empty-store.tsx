import type { StoreRange } from '../data/report-answer.ts';
import { formatExactly } from '../format/quantity.ts';
import { CodeBlock } from '../panels/code-block.tsx';
import { sourcesSnippet } from '../pipelines/sources-snippet.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { DropZone } from './drop-zone.tsx';
import { rejectsAddress } from './strip-queries.ts';

const logsAddress = sqlPageAddress(`SELECT time, level, service, message
FROM logs
ORDER BY time DESC
LIMIT 200`);

type Held = Pick<StoreRange, 'logRows' | 'rejected'>;

/** Shown to a new user: every way in. */
export function EmptyStore({ store, onStored }: { readonly store: Held; readonly onStored: () => void }) {
  return (
    <section className="panel empty-store" data-panel="empty-store">
      <h2>{titleOf(store)}</h2>
      <Explanation store={store} />
      <DropZone onStored={onStored} />
      <ol>
        <li>
          <p>Or send one from a terminal; any other sender of lines works too.</p>
          <CodeBlock>{`curl --data-binary @access.log ${new URL('ingest/ndjson', window.location.href).href}`}</CodeBlock>
        </li>
        <li>
          <p>
            Or ingest files and folders, gzipped or plain: each is stored exactly once. Add <code>--store DIR</code> if
            the server was started with it.
          </p>
          <CodeBlock>npx tailrace ingest path/to/logs/</CodeBlock>
        </li>
        <li>
          <p>
            Or name your sources in <code>tailrace.yaml</code>, and start <code>npx tailrace up</code> again:
          </p>
          <CodeBlock>{sourcesSnippet}</CodeBlock>
        </li>
      </ol>
      <p className="muted">
        To look around first: <code>npx tailrace demo</code> shows real logs that come with the program.
      </p>
    </section>
  );
}

function titleOf({ logRows, rejected }: Held): string {
  if (logRows > 0) return 'No requests, but other logs';
  return rejected > 0 ? 'No line could be stored as a row' : 'No logs yet';
}

function Explanation({ store: { logRows, rejected } }: { readonly store: Held }) {
  if (logRows > 0) {
    return (
      <p className="muted">
        This store holds {formatExactly(logRows, 'count')} lines of logs that are no requests.{' '}
        <a href={logsAddress}>See the latest</a>. This page shows requests: access logs of CDNs, load balancers and
        servers.
      </p>
    );
  }
  if (rejected > 0) {
    return (
      <p className="muted">
        All {rejected} lines were rejected. <a href={rejectsAddress}>See why</a>, then ingest again.
      </p>
    );
  }
  return <p className="muted">This store is empty. Each of these fills this page:</p>;
}

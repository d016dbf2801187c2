import { rejectsAddress } from './trust-strip.tsx';

/** Shown to a new user: the commands to type. */
export function EmptyStore({ rejected }: { readonly rejected: number }) {
  return (
    <section className="panel empty-store" data-panel="empty-store">
      <h2>{rejected > 0 ? 'No line could be stored as a row' : 'No logs yet'}</h2>
      <p className="muted">
        {rejected > 0 ? (
          <>
            All {rejected} lines were rejected. <a href={rejectsAddress}>See why</a>, then ingest again.
          </>
        ) : (
          'This store is empty. Three steps fill this page:'
        )}
      </p>
      <ol>
        <li>
          <p>
            Stop this server with <kbd>Ctrl</kbd>+<kbd>C</kbd>. Only one program at a time can open a store.
          </p>
        </li>
        <li>
          <p>Ingest files or folders of CloudFront logs, gzipped or plain. Every file is stored exactly once.</p>
          <pre className="sql-block">npx tailrace ingest path/to/logs/</pre>
        </li>
        <li>
          <p>Start the server again, and reload this page.</p>
          <pre className="sql-block">npx tailrace up</pre>
        </li>
      </ol>
      <p className="muted">
        Add <code>--store DIR</code> to both commands if you used it before. To look around first:{' '}
        <code>npx tailrace demo</code> shows real logs that come with the program.
      </p>
    </section>
  );
}

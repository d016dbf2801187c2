import { type DragEvent, useState } from 'react';
import { sendLogs } from '../data/http-source.ts';

type Outcome = { readonly kind: 'idle' } | { readonly kind: 'sending' | 'done' | 'failed'; readonly text: string };

/** Takes log files, and shows the page again when they are stored. */
export function DropZone({ onStored }: { readonly onStored: () => void }) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' });
  const [isOver, setOver] = useState(false);

  const send = async (files: readonly File[]) => {
    let rows = 0;
    let rejected = 0;
    try {
      for (const file of files) {
        setOutcome({ kind: 'sending', text: `Storing ${file.name} …` });
        const receipt = await sendLogs(file);
        rows += receipt.rows;
        rejected += receipt.rejected;
      }
    } catch (error) {
      return setOutcome({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
    }
    setOutcome({ kind: 'done', text: `${rows} rows stored, ${rejected} lines rejected.` });
    onStored();
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send([...event.dataTransfer.files]);
  };

  return (
    <label
      className={isOver ? 'drop-zone drop-zone-over' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>
        <strong>Drop log files here</strong>, or choose them: any format, gzipped or plain, up to 100{'\u00a0'}MB each.
      </span>
      <input
        type="file"
        multiple
        aria-label="Log files"
        disabled={outcome.kind === 'sending'}
        onChange={({ currentTarget }) => void send([...(currentTarget.files ?? [])])}
      />
      {outcome.kind !== 'idle' && (
        <span role={outcome.kind === 'failed' ? 'alert' : 'status'} className={`drop-${outcome.kind}`}>
          {outcome.text}
        </span>
      )}
    </label>
  );
}

import type { QueryResult } from '../data/http-source.ts';
import { Dialog } from '../panels/dialog.tsx';
import { printValue } from './print-value.ts';

interface RowDialogProps {
  readonly meta: QueryResult['meta'];
  readonly row: QueryResult['data'][number];
  /** 1-based. */
  readonly place: number;
  readonly onClose: () => void;
}

/** A row of a result, whole: one line a column, long values wrapped and nested ones indented. */
export function RowDialog({ meta, row, place, onClose }: RowDialogProps) {
  return (
    <Dialog title={`Row ${place}`} onClose={onClose}>
      {() => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className="row-values" tabIndex={0}>
          <dl>
            {meta.map(({ name, type }) => (
              <div key={name}>
                <dt title={type}>{name}</dt>
                <dd>{printValue(row[name], 2)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </Dialog>
  );
}

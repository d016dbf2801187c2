import './geography.css';
import { type FormEvent, useState } from 'react';
import { TablePanel } from '../panels/table-panel.tsx';
import { useViewState } from '../view/view-state.ts';
import { readBounds, usualBounds } from './ranges.ts';
import { RangesPanel } from './ranges-panel.tsx';
import { WorldPanel } from './world-panel.tsx';

/** Where the viewers are, and how long each country waits. */
export function GeographyBody() {
  const [view, changeView] = useViewState();
  const bounds = readBounds(view.bounds || usualBounds) ?? [];
  return (
    <div className="grid geography">
      <WorldPanel />
      <TablePanel name="countries" title="Countries" span={4} />
      <BoundsForm
        key={view.bounds}
        bounds={bounds.join(', ')}
        onChange={(changed) => changeView({ bounds: changed === usualBounds ? '' : changed })}
      />
      <RangesPanel name="countries-by-duration" title="Countries by time taken" field="duration" bounds={bounds} />
      <RangesPanel name="countries-by-ttfb" title="Countries by time to first byte" field="ttfb" bounds={bounds} />
    </div>
  );
}

interface BoundsFormProps {
  readonly bounds: string;
  readonly onChange: (bounds: string) => void;
}

function BoundsForm({ bounds, onChange }: BoundsFormProps) {
  const [text, setText] = useState(bounds);
  const read = readBounds(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (read) onChange(read.join());
  };
  return (
    <form className="bounds-form" onSubmit={submit}>
      <label htmlFor="bounds">Borders of the ranges, seconds</label>
      <input
        id="bounds"
        className="filter-input"
        value={text}
        aria-invalid={read === null}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <button type="submit" className="button" disabled={read === null}>
        Set
      </button>
      {read === null && <span role="alert">Up to ten rising numbers, with commas between them.</span>}
    </form>
  );
}

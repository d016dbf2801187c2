import { type FormEvent, useState } from 'react';
import { formatSpan } from '../format/time-text.ts';
import { CalendarIcon } from '../panels/icons.tsx';
import { useDismiss } from '../panels/use-dismiss.ts';
import { type PresetName, parseUtc, presets, type RangeChoice, type ResolvedRange } from '../view/time-range.ts';
import { formatMinute } from '../view/view-state.ts';

interface RangePickerProps {
  readonly choice: RangeChoice;
  readonly range: ResolvedRange;
  readonly onChoose: (choice: RangeChoice) => void;
}

export function RangePicker({ choice, range, onChoose }: RangePickerProps) {
  return (
    <fieldset className="range-picker">
      <legend className="hidden-text">Time range</legend>
      <div className="segments">
        {(Object.keys(presets) as PresetName[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={choice === name}
            aria-label={presets[name].label}
            title={name === 'all' ? 'All data' : `${presets[name].label} of data`}
            onClick={() => onChoose(name)}
          >
            {presets[name].short}
          </button>
        ))}
      </div>
      <CustomRange key={`${range.fromMs}-${range.toMs}`} choice={choice} range={range} onChoose={onChoose} />
    </fieldset>
  );
}

function CustomRange({ choice, range, onChoose }: RangePickerProps) {
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState('');
  const box = useDismiss<HTMLDivElement>(isOpen, () => setOpen(false));

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const fromMs = parseUtc(String(form.get('from')));
    const toMs = parseUtc(String(form.get('to')));
    if (!(fromMs < toMs)) return setProblem('The start must lie before the end.');
    setOpen(false);
    onChoose({ fromMs, toMs });
  };

  return (
    <div className="custom-range" ref={box}>
      <button
        type="button"
        className="button"
        aria-expanded={isOpen}
        aria-pressed={typeof choice !== 'string'}
        onClick={() => setOpen(!isOpen)}
      >
        <CalendarIcon />
        <span>{formatSpan(range.fromMs, range.toMs)} UTC</span>
      </button>
      {isOpen && (
        <form className="popover" onSubmit={submit} aria-label="Custom range">
          <label>
            From (UTC)
            <input type="datetime-local" name="from" required defaultValue={formatMinute(range.fromMs)} />
          </label>
          <label>
            To (UTC)
            <input type="datetime-local" name="to" required defaultValue={formatMinute(range.toMs)} />
          </label>
          {problem && <p role="alert">{problem}</p>}
          <button type="submit" className="button button-primary">
            Show
          </button>
          <p className="muted">Or drag over any chart.</p>
        </form>
      )}
    </div>
  );
}

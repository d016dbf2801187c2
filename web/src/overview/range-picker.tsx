import { type FormEvent, type ReactNode, useState } from 'react';
import { formatShortSpan, formatSpan } from '../format/time-text.ts';
import { asShown, readShown, zoneName } from '../format/time-zone.ts';
import { usePageKeys } from '../keys/page-keys.ts';
import { BackIcon, CalendarIcon, ForwardIcon, ZoomOutIcon } from '../panels/icons.tsx';
import { useDismiss } from '../panels/use-dismiss.ts';
import {
  moveRange,
  type PresetName,
  presets,
  type RangeChoice,
  type ResolvedRange,
  widenRange,
} from '../view/time-range.ts';
import { formatInput } from '../view/view-state.ts';

interface RangePickerProps {
  readonly choice: RangeChoice;
  readonly range: ResolvedRange;
  /** What presets end with, in words: "now" or "the last event". */
  readonly end: string;
  /** A later range has no data. */
  readonly isLast: boolean;
  readonly onChoose: (choice: RangeChoice) => void;
}

export function RangePicker(props: RangePickerProps) {
  const { choice, range, end, isLast, onChoose } = props;
  const move = (direction: -1 | 1) => onChoose(moveRange(range, direction));
  const zoomOut = () => onChoose(widenRange(range));
  usePageKeys({ h: () => move(-1), l: isLast ? undefined : () => move(1), o: zoomOut });
  return (
    <fieldset className="range-picker">
      <legend className="hidden-text">Time range</legend>
      <div className="segments">
        {(Object.keys(presets) as PresetName[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={choice === name}
            title={name === 'all' ? `All data, until ${end}` : `${presets[name].label} until ${end}`}
            onClick={() => onChoose(name)}
          >
            {presets[name].short}
            <span className="hidden-text">, {presets[name].label}</span>
          </button>
        ))}
      </div>
      <div className="range-moves">
        <MoveButton name="Earlier" shortcut="h" onClick={() => move(-1)}>
          <BackIcon />
        </MoveButton>
        <CustomRange key={JSON.stringify(choice)} {...props} />
        <MoveButton name="Later" shortcut="l" isDisabled={isLast} onClick={() => move(1)}>
          <ForwardIcon />
        </MoveButton>
        <MoveButton name="Zoom out" shortcut="o" onClick={zoomOut}>
          <ZoomOutIcon />
        </MoveButton>
      </div>
    </fieldset>
  );
}

interface MoveButtonProps {
  readonly name: string;
  readonly shortcut: string;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function MoveButton({ name, shortcut, isDisabled = false, onClick, children }: MoveButtonProps) {
  return (
    <button
      type="button"
      className="button button-icon"
      aria-label={name}
      title={`${name} (${shortcut})`}
      aria-keyshortcuts={shortcut}
      disabled={isDisabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function CustomRange({ choice, range, onChoose }: RangePickerProps) {
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState('');
  const box = useDismiss<HTMLDivElement>(isOpen, () => setOpen(false));

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const fromMs = readShown(String(form.get('from')));
    const toMs = readShown(String(form.get('to')));
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
        title={`${formatSpan(range.fromMs, range.toMs)} ${zoneName()}`}
        onClick={() => setOpen(!isOpen)}
      >
        <CalendarIcon />
        <span>{formatShortSpan(range.fromMs, range.toMs)}</span>
      </button>
      {isOpen && (
        <form className="popover" onSubmit={submit} aria-label="Custom range">
          <label>
            From ({zoneName()})
            <input
              type="datetime-local"
              name="from"
              step={1}
              required
              defaultValue={formatInput(asShown(range.fromMs))}
            />
          </label>
          <label>
            To ({zoneName()})
            <input type="datetime-local" name="to" step={1} required defaultValue={formatInput(asShown(range.toMs))} />
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

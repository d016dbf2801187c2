import '../style/dialog.css';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { CloseIcon } from './icons.tsx';

interface DialogProps {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly isBusy?: boolean;
  /** What is in it; gets the function that closes it. */
  readonly children: (close: () => void) => ReactNode;
  readonly onClose: () => void;
}

/** Over the page; the button, Esc and a click beside it close it. */
export function Dialog({ title, subtitle, isBusy = false, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onPointerDown={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div className="dialog-box" aria-busy={isBusy}>
        <header className="panel-head">
          <h2 id={titleId}>{title}</h2>
          {subtitle !== undefined && <span className="panel-subtitle">{subtitle}</span>}
          <button type="button" className="panel-action" aria-label="Close" onClick={close}>
            <CloseIcon />
          </button>
        </header>
        {children(close)}
      </div>
    </dialog>
  );
}

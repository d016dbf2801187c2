import type { ReactNode } from 'react';
import type { Loading } from '../data/use-answer.ts';
import { PanelError } from './panel.tsx';

interface RefreshedProps<T> {
  readonly asked: Loading<T>;
  /** What is asked for, for who hears that it cannot be read. */
  readonly title: string;
  readonly children: (value: T) => ReactNode;
}

/** What was answered last: dimmed, with the reason, while nothing newer can be read. */
export function Refreshed<T>({ asked: { value, error, retry }, title, children }: RefreshedProps<T>) {
  if (value === null && error === null)
    return <div className="skeleton skeleton-page" role="status" aria-label="Loading" />;
  return (
    <>
      {error !== null && (
        <section className="panel">
          <PanelError message={error} title={title} onRetry={retry} />
        </section>
      )}
      {value !== null && <div className={error === null ? 'sections' : 'sections stale'}>{children(value)}</div>}
    </>
  );
}

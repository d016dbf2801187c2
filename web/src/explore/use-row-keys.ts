import { type RefObject, useEffect, useRef } from 'react';
import { isForPage } from '../keys/page-keys.ts';

/** Moves between rows by j, k and the arrows; Enter opens the one that has the focus by itself, and Escape closes it. */
export function useRowKeys(place: RefObject<HTMLElement | null>, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (!isForPage(event)) return;
      const rows = [...(place.current?.querySelectorAll<HTMLElement>('[data-row-button]') ?? [])];
      const at = rows.indexOf(document.activeElement as HTMLElement);
      if (key === 'Escape') {
        const open = rows.find((row) => row.ariaExpanded === 'true');
        if (!open) return;
        close.current();
        open.focus();
        return;
      }
      const isArrow = key === 'ArrowDown' || key === 'ArrowUp';
      if (!(isArrow ? at >= 0 || target === document.body : key === 'j' || key === 'k')) return;
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + (key === 'j' || key === 'ArrowDown' ? 1 : -1)))];
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  }, [place]);
}

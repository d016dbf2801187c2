import { type RefObject, useEffect, useRef } from 'react';

/** Calls `onDismiss` on Escape and on a press outside the element, while `isOpen`. */
export function useDismiss<T extends HTMLElement>(isOpen: boolean, onDismiss: () => void): RefObject<T | null> {
  const box = useRef<T>(null);
  const dismiss = useRef(onDismiss);
  dismiss.current = onDismiss;
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Otherwise the focus is lost with the element that had it.
      if (box.current?.contains(document.activeElement)) box.current.querySelector('button')?.focus();
      dismiss.current();
    };
    const onPress = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) dismiss.current();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', onPress);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', onPress);
    };
  }, [isOpen]);
  return box;
}

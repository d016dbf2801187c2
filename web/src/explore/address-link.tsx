import type { MouseEvent, ReactNode } from 'react';
import { navigate } from '../view/view-state.ts';

interface AddressLinkProps {
  /** From the question mark. */
  readonly address: string;
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A link within the console: followed without loading the page again, unless it is opened beside. */
export function AddressLink({ address, children, ...attributes }: AddressLinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(address);
  };
  return (
    <a href={address} onClick={follow} {...attributes}>
      {children}
    </a>
  );
}

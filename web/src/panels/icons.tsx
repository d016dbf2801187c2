import type { ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

export const InfoIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6.25" />
    <path d="M8 7.25v3.75M8 4.9v.2" />
  </Icon>
);

export const RefreshIcon = () => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.8h-2.8" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="m9.75 3.5-4.5 4.5 4.5 4.5" />
  </Icon>
);

export const ForwardIcon = () => (
  <Icon>
    <path d="m6.25 3.5 4.5 4.5-4.5 4.5" />
  </Icon>
);

export const ZoomOutIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.75" />
    <path d="M10.5 10.5 14 14M5 7h4" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);

export const PinIcon = () => (
  <Icon>
    <path d="M6 2.5h4l-.6 4.2 2.1 2.3h-7l2.1-2.3zM8 9v4.5" />
  </Icon>
);

export const CalendarIcon = () => (
  <Icon>
    <rect x="2.25" y="3.25" width="11.5" height="10.5" rx="1.5" />
    <path d="M2.5 6.5h11M5.25 1.75v3M10.75 1.75v3" />
  </Icon>
);

/** The water behind the turbine. */
export const Logo = () => (
  <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M5 12c3.7-3.4 7.3-3.4 11 0s7.3 3.4 11 0M5 20c3.7-3.4 7.3-3.4 11 0s7.3 3.4 11 0" />
  </svg>
);

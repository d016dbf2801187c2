import { createContext } from 'react';

/** Opens the list of keys. Null where there is none. */
export const KeyHelpContext = createContext<(() => void) | null>(null);

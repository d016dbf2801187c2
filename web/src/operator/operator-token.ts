import { useSyncExternalStore } from 'react';
import { readJson } from '../data/http-source.ts';

const storageKey = 'tailrace.operator';
const watchers = new Set<() => void>();
let token: string | null = readStored();

/**
 * Takes the token of operators out of the address, before anything else sees it, now and when an address is opened in this tab. The
 * tab keeps it until it is closed.
 */
export function takeOperatorToken(): void {
  const take = () => {
    const [, given] = /^#operator=([\x21-\x7e]+)$/.exec(window.location.hash) ?? [];
    if (given === undefined) return;
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    becomeOperator(given);
  };
  take();
  window.addEventListener('hashchange', take);
}

/** Keeps a token that the user has entered; whether it is right shows when it is used. */
export function becomeOperator(given: string): void {
  setToken(given);
}

/** Whether the page has a token that was not refused yet. */
export function useIsOperator(): boolean {
  return useSyncExternalStore(watch, () => token !== null);
}

/**
 * Sends what changes something on the server.
 * @throws Error with a message for the user; a refused token is forgotten
 */
export async function act<T>(method: 'POST' | 'PUT' | 'DELETE', address: string, body?: unknown): Promise<T> {
  const shown = token ?? '';
  try {
    return await readJson<T>(address, {
      method,
      headers: {
        authorization: `Bearer ${shown}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Otherwise the browser would ask for a password where the token is refused.
      credentials: 'omit',
    });
  } catch (error) {
    if ((error as Error).message.includes('token is missing or wrong') && token === shown) setToken(null);
    throw error;
  }
}

function setToken(next: string | null): void {
  token = next;
  try {
    if (next === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, next);
  } catch {
    // Without storage it lasts as long as the page.
  }
  for (const tell of watchers) tell();
}

function readStored(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

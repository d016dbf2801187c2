import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a store writes to its folder. A folder that holds anything else has other uses too, and is left unchanged. */
const ours =
  /^(?:clickhouse|spool|scratch|answers|demo|config\.xml|users\.xml|(?:lock|server\.json)(?:\.[0-9a-f-]+)?)$/;
/** Group and others. */
const others = 0o077;

/**
 * Creates the folders of a store for its owner only, and closes those that are open to other users: a store holds
 * addresses, cookies and whatever else is in logs.
 *
 * @returns a notice for the operator; undefined when nothing was open
 * @throws NodeJS.ErrnoException
 */
export function makePrivateStore(store: string): string | undefined {
  const isNew = mkdirSync(store, { recursive: true, mode: 0o700 }) !== undefined;
  const isAlone = isNew || readdirSync(store).every((name) => ours.test(name));
  const below = ['clickhouse', 'spool'].map((name) => join(store, name));
  for (const folder of below) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const open = [...(isAlone ? [store] : []), ...below].filter(isOpen);
  if (open.length === 0) return undefined;
  for (const folder of open) close(folder);
  const still = open.find(isOpen);
  return still === undefined
    ? `the store "${store}" was open to other users of this machine; it is its owner's alone now (mode 700)`
    : `other users of this machine can read the store: "${still}" keeps its rights; run chmod 700 on it as its owner`;
}

function isOpen(folder: string): boolean {
  return (statSync(folder).mode & others) !== 0;
}

/** Neither another owner nor a file system without permissions is an error; the notice reports an open folder. */
function close(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EROFS') throw cause;
  }
}

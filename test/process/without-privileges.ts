import { execFileSync } from 'node:child_process';

const dropOverrides = [
  'setpriv',
  '--bounding-set=-dac_override,-dac_read_search',
  '--inh-caps=-dac_override,-dac_read_search',
];

/**
 * What to start a program with so that the rights of files bind it: root may otherwise read and write everything. It
 * stays root, so that it finds the program wherever that lies. Undefined where that is not to be had.
 */
export function withoutPrivileges(): readonly string[] | undefined {
  if (process.getuid?.() !== 0) return [];
  try {
    execFileSync(dropOverrides[0] ?? '', [...dropOverrides.slice(1), 'true'], { stdio: 'pipe' });
    return dropOverrides;
  } catch {
    return undefined;
  }
}

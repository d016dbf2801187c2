import { execFileSync } from 'node:child_process';

const dropOverrides = [
  'setpriv',
  '--bounding-set=-dac_override,-dac_read_search',
  '--inh-caps=-dac_override,-dac_read_search',
];

/**
 * Command prefix that makes file permissions apply to a program, since root may read and write everything. It stays
 * root, so that it finds the program in any folder. Undefined where that is not available.
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

import { join } from 'node:path';

/**
 * Folder of the compiled program, also when this file runs as TypeScript: what is made by the build (code that the engine's
 * process runs, data) is only there.
 */
export const builtProgram = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../../dist' : '..');

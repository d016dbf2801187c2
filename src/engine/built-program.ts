import { join } from 'node:path';

/**
 * Folder of the compiled program, also when this file runs as TypeScript: build output (code that the engine's
 * process runs, data) exists only there.
 */
export const builtProgram = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../../dist' : '..');

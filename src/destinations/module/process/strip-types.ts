/**
 * Hook that makes TypeScript run in all versions of Node.js, with the code that those from 22.18 on have within. It is always an ES
 * module, whatever a package.json says.
 */
import { readFile } from 'node:fs/promises';
import type { LoadHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/wasm-typescript';

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!/^file:.*\.m?ts$/.test(url)) return nextLoad(url, context);
  const path = fileURLToPath(url);
  try {
    const { code } = await transform(await readFile(path, 'utf8'), { mode: 'strip-only', module: true });
    return { format: 'module', shortCircuit: true, source: code };
  } catch (cause) {
    const { message, startLine } = cause as { readonly message: string; readonly startLine?: number };
    throw new SyntaxError(startLine === undefined ? message : `${message} (${path}:${startLine})`);
  }
};

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Smaller ones fit into the first packet anyway. */
const leastBytes = 1024;

/**
 * Writes each script, style sheet and page also as `.br` and `.gz`, which the server sends to who takes them. After the
 * files are written, because the build still changes them before.
 */
export function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => /\.(?:js|css|svg|html)$/.test(name))) {
        const path = join(dir, name);
        const source = readFileSync(path);
        if (source.length < leastBytes) continue;
        writeFileSync(`${path}.br`, brotliCompressSync(source));
        writeFileSync(`${path}.gz`, gzipSync(source, { level: 9 }));
      }
    },
  };
}

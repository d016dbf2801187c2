import { defineConfig } from 'vite';
import { compressAssets } from './build/compress-assets.ts';
import { inlineAssets } from './build/inline-assets.ts';
import { thirdPartyLicenses } from './build/third-party-licenses.ts';

/**
 * Two pages, two builds, one folder (`dist/web`): the console (`vite build web`) and, with `--mode report`, the report,
 * which is one self-contained file because users mail it and open it from disk.
 */
export default defineConfig(({ mode }) => {
  const isReport = mode === 'report';
  return {
    root: import.meta.dirname,
    base: './',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // React's interface in a tenth of its bytes: a page is opened over slow links too.
    resolve: { alias: { react: 'preact/compat' } },
    plugins: [thirdPartyLicenses('The pages of Tailrace hold'), ...(isReport ? [inlineAssets()] : [compressAssets()])],
    build: {
      outDir: '../dist/web',
      emptyOutDir: !isReport,
      target: 'es2022',
      // All that a page imports is asked for at once: over a slow link each step down a chain of imports is a round trip.
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 800,
      // The content security policy allows no data: scripts or fonts; files are cheaper to cache anyway.
      assetsInlineLimit: isReport ? 1_000_000 : 0,
      cssCodeSplit: !isReport,
      copyPublicDir: !isReport,
      rolldownOptions: {
        input: `${import.meta.dirname}/${isReport ? 'report' : 'index'}.html`,
        // What three pages share is one file: a browser asks for six at a time.
        ...(isReport ? {} : { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 3 }] } } }),
      },
    },
    server: { proxy: { '/api': process.env.TAILRACE_URL ?? 'http://127.0.0.1:4280' } },
  };
});

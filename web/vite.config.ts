import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Two pages, two builds, one folder (`dist/web`): the console (`vite build web`) and, with `--mode report`, the report,
 * which is one self-contained file because people mail it and open it from disk.
 */
export default defineConfig(({ mode }) => {
  const isReport = mode === 'report';
  return {
    root: import.meta.dirname,
    base: './',
    plugins: [react(), ...(isReport ? [inlineAssets()] : [])],
    build: {
      outDir: '../dist/web',
      emptyOutDir: !isReport,
      target: 'es2022',
      modulePreload: false,
      chunkSizeWarningLimit: 800,
      // The content security policy allows no data: scripts or fonts; files are cheaper to cache anyway.
      assetsInlineLimit: isReport ? 1_000_000 : 0,
      cssCodeSplit: !isReport,
      copyPublicDir: !isReport,
      rolldownOptions: { input: `${import.meta.dirname}/${isReport ? 'report' : 'index'}.html` },
    },
    server: { proxy: { '/api': process.env.TAILRACE_URL ?? 'http://127.0.0.1:4280' } },
  };
});

/** Puts every script and style sheet of the page into the page itself, and drops the files. */
function inlineAssets(): Plugin {
  return {
    name: 'inline-assets',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = Object.values(bundle).find((file) => file.fileName.endsWith('.html'));
      if (page?.type !== 'asset') throw new Error('BUG: the build made no page');
      let html = String(page.source);
      for (const file of Object.values(bundle)) {
        if (file === page) continue;
        html = html.replace(/<(?:script|link)\b[^>]*>(?:<\/script>)?\s*/g, (tag) => {
          if (!tag.includes(file.fileName)) return tag;
          return file.type === 'asset' ? `<style>${String(file.source)}</style>\n` : '';
        });
        if (file.type === 'chunk') {
          // At the end: in the head it would run before the elements it reads exist.
          const code = file.code.replaceAll('</script', '<\\/script');
          html = html.replace('</body>', () => `<script type="module">${code}</script>\n</body>`);
        }
        delete bundle[file.fileName];
      }
      if (/(?:src|href)="[^"]*assets\//.test(html)) throw new Error('BUG: the report still refers to another file');
      page.source = html;
    },
  };
}

import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import { licensesFile } from './third-party-licenses.ts';

/**
 * Puts every script and style sheet of the page into the page itself, drops the files, and allows exactly those by a
 * content security policy: a report is opened from disk, where no server sends one, and contains foreign text.
 */
export function inlineAssets(): Plugin {
  return {
    name: 'inline-assets',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = Object.values(bundle).find((file) => file.fileName.endsWith('.html'));
      if (page?.type !== 'asset') throw new Error('BUG: the build made no page');
      let html = String(page.source);
      const hashes: Record<'script' | 'style', string[]> = { script: [], style: [] };
      for (const file of Object.values(bundle)) {
        if (file === page) continue;
        delete bundle[file.fileName];
        if (file.fileName === licensesFile && file.type === 'asset') {
          html = html.replace('</body>', () => `${asComment(String(file.source))}\n</body>`);
          continue;
        }
        html = html.replace(/<(?:script|link)\b[^>]*>(?:<\/script>)?\s*/g, (tag) => {
          if (!tag.includes(file.fileName)) return tag;
          if (file.type !== 'asset') return '';
          const style = String(file.source);
          hashes.style.push(hashSource(style));
          return `<style>${style}</style>\n`;
        });
        if (file.type === 'chunk') {
          // At the end: in the head it would run before the elements it reads exist.
          const code = file.code.replaceAll('</script', '<\\/script');
          hashes.script.push(hashSource(code));
          html = html.replace('</body>', () => `<script type="module">${code}</script>\n</body>`);
        }
      }
      if (/(?:src|href)="[^"]*assets\//.test(html)) throw new Error('BUG: the report still refers to another file');
      page.source = allowOnly(html, hashes);
    },
  };
}

/** A policy in the page applies to what follows it, so it comes first. */
function allowOnly(html: string, { script, style }: Record<'script' | 'style', string[]>): string {
  const policy = [
    "default-src 'none'",
    `script-src ${script.join(' ')}`,
    `style-src ${style.join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const place = /<meta charset="[^"]*" ?\/?>/;
  if (!place.test(html) || script.length === 0 || style.length === 0) throw new Error('BUG: the report has no head');
  return html.replace(place, (tag) => `${tag}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`);
}

/** A report that is passed on includes the licences. */
function asComment(text: string): string {
  if (text.includes('-->')) throw new Error('BUG: the licences would end the comment that holds them');
  return `<!--\n${text}-->`;
}

/** As browsers compute it: over the text between the tags. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

import { defineConfig } from 'vite';
import { thirdPartyLicenses } from '../../web/build/third-party-licenses.ts';

const dist = `${import.meta.dirname}/../../dist`;

/**
 * Packages of which every command loads many files, or large ones. All others are loaded from where they are installed:
 * few commands need them, or they have native parts.
 */
const bundled = ['zod', 'yaml', 're2js', 'mmdb-lib', 'hyparquet'];

/**
 * The program as a few files in `dist/program`, one for each group of commands that share it: loading some hundred
 * modules one by one took most of the time until the first statement. All files are in one folder, two below the
 * package, as the modules are whose paths are relative to it.
 */
export default defineConfig({
  publicDir: false,
  plugins: [thirdPartyLicenses('The program of Tailrace holds')],
  ssr: { noExternal: bundled },
  build: {
    ssr: true,
    outDir: `${dist}/program`,
    emptyOutDir: true,
    target: 'node20',
    // Messages of errors and stacks name functions and files.
    minify: false,
    rolldownOptions: {
      input: `${dist}/cli/main.js`,
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Phaser's own minified module: its package names only the plain one, which is four times as large to read. */
const phaser = fileURLToPath(new URL('node_modules/phaser/dist/phaser.esm.min.js', import.meta.url));

/** The page: sources in client/, built to dist/client with hashed names; Phaser apart, so that it stays cached. */
export default defineConfig({
  root: 'client',
  base: '/',
  publicDir: false,
  resolve: { alias: { phaser } },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: (file) => (file.endsWith('.svg') ? undefined : false),
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: ['index.html', 'gallery/index.html', 'studio/index.html'].map((page) =>
        fileURLToPath(new URL(`client/${page}`, import.meta.url)),
      ),
      output: {
        codeSplitting: { groups: [{ name: 'phaser', test: /node_modules\/phaser\// }] },
      },
    },
  },
  worker: { format: 'es' },
  server: { fs: { allow: ['..'] } },
});

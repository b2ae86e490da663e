import { defineConfig } from 'vite';

/** The call page. Nothing is inlined, so that a policy without 'unsafe-inline' and without data: can be set. */
export default defineConfig({
  root: 'page',
  base: './',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

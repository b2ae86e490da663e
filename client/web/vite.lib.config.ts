import { defineConfig } from 'vite';

/** The library: one ES module without dependencies; its types come from tsc. */
export default defineConfig({
  build: {
    outDir: 'dist/lib',
    emptyOutDir: true,
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: { entry: 'src/sotto.ts', formats: ['es'], fileName: () => 'sotto.js' },
  },
});

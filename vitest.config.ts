import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,server,client,assets,ml,programs,bench,scripts}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/target/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 3,
  },
});

import { defineConfig } from 'vitest/config';

/** The page in a real Chromium against a real server; `npm run e2e` builds the page first. */
export default defineConfig({
  test: {
    include: ['client/e2e/**/*.e2e.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
    maxWorkers: 1,
  },
});

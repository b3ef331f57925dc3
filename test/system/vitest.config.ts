import { defineConfig } from 'vitest/config';

/** Real processes, killed and starved of disk: needs Linux, root, strace and a built dist. One file at a time. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});

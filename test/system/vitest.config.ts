import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 180_000, hookTimeout: 60_000 };
const ofServer = 'test/system/postgres-*.test.ts';

/** Real processes, killed and starved of disk: needs Linux, root, strace, PostgreSQL's server and a built dist. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...limits,
          name: 'files',
          include: ['test/system/**/*.test.ts'],
          exclude: [ofServer],
          fileParallelism: false,
          sequence: { groupOrder: 0 },
        },
      },
      // These wait for leases and time-outs most of the time, each on a server of its own.
      { test: { ...limits, name: 'server', include: [ofServer], maxWorkers: 2, sequence: { groupOrder: 1 } } },
    ],
  },
});

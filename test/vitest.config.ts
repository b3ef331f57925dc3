import { defineConfig } from 'vitest/config';

/**
 * Everything runs on SQLite. What touches a database runs once more on PostgreSQL: on the one inside the process, or on
 * the server whose URL is in SMSTATS_TEST_DATABASE. There it is one database, emptied before each test.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**', 'test/postgres/**', 'test/store/postgres/**'],
          env: { SMSTATS_TEST_DATABASE: '' },
        },
      },
      {
        test: {
          name: 'postgres',
          include: [
            'test/store/**/*.test.ts',
            'test/query/*.test.ts',
            'test/digest/compose.test.ts',
            'test/alert/**/*.test.ts',
            'test/collect/{collect,ledger,save-account}.test.ts',
            'test/server/{batch,metrics,system,token}.test.ts',
            'test/postgres/*.test.ts',
          ],
          exclude: ['test/store/sqlite/**'],
          env: { SMSTATS_TEST_DATABASE: process.env['SMSTATS_TEST_DATABASE'] || 'pglite' },
          fileParallelism: false,
          maxWorkers: 1,
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});

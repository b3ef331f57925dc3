import pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabaseUrl } from '../helper/postgres.ts';
import { readmeBlocks } from '../helper/readme.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

test('the SQL of the README runs as printed and answers on PostgreSQL', async () => {
  const url = (await testDatabaseUrl()) as string;
  const { code } = await runCli(['init', '--sample'], { home: makeHome(), env: { SMSTATS_DATABASE_URL: url } });
  expect(code).toBe(0);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const queries = readmeBlocks('sql');
    expect(queries.length).toBeGreaterThan(10);
    for (const query of queries) {
      const { command, rowCount } = await client.query(query);
      if (command === 'SELECT') expect(rowCount, query).toBeGreaterThan(0);
      else expect(rowCount, query).toBe(command === 'DELETE' ? 0 : 1);
    }
  } finally {
    await client.end();
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATASET_NAMES } from '../../src/core/dataset.ts';
import { testDatabaseUrl } from '../helper/postgres.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { openTempStore } from '../helper/temp-store.ts';
import { seedHistory } from '../query/history.ts';

const ORDER = DATASET_NAMES.filter((name) => name !== 'usage').toSorted(
  // Campaigns and links refer to content.
  (a, b) => Number(['campaigns', 'mapping'].includes(a)) - Number(['campaigns', 'mapping'].includes(b)),
);

test('what leaves a server comes back, and is the same in a file', { timeout: 120_000 }, async () => {
  const store = await openTempStore();
  await seedHistory(store);
  const url = (await (await import('../helper/postgres.ts')).postgresUrl()) as string;
  const home = makeHome();
  const onServer = { home, env: { SMSTATS_DATABASE_URL: url } };
  const good = async (argv: string[], options: Parameters<typeof runCli>[1]) => {
    const { code, stdout, stderr } = await runCli(argv, options);
    expect(code, `${argv.join(' ')}: ${stderr}`).toBe(0);
    return stdout;
  };
  await good(['record', 'daily', '--account', 'tiktok:anna', '--followers', '1200'], onServer);
  await good(
    ['record', 'audience', '--account', 'tiktok:anna', '--age-18-24', '40.5', '--top-countries', 'USA'],
    onServer,
  );
  await good(['content', 'add', 'v1', '--title', '=A'], onServer);
  await good(['content', 'add', 'c1', '--title', 'B', '--clip-of', 'v1'], onServer);
  await good(['roi', '--campaign', 'spring', '--account', 'tiktok:anna', '--cost', '5', '--revenue', '7'], onServer);
  await good(['map', 'a2', '--clip', 'c1'], onServer);

  const exportAll = async (options: typeof onServer) => {
    const files = ORDER.map((name) => [name, join(makeHome(), `${name}.csv`)] as const);
    for (const [name, file] of files) await good(['export', name, '-o', file], options);
    return files;
  };
  const read = (files: Awaited<ReturnType<typeof exportAll>>) => files.map(([, file]) => readFileSync(file, 'utf8'));
  const sent = await exportAll(onServer);
  const backup = join(makeHome(), 'backup.db');
  await good(['backup', '-o', backup], onServer);
  expect(read(await exportAll({ home, env: { SMSTATS_DATABASE_URL: backup } }))).toEqual(read(sent));
  const refused = await runCli(['restore', backup], onServer);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/smstats copy --from/)]);

  await store.close();
  await testDatabaseUrl();
  const file = { home, env: { SMSTATS_DATABASE_URL: join(home, 'other.db') } };
  for (const [, path] of sent) for (const options of [onServer, file]) await good(['import', path], options);
  expect(read(await exportAll(onServer))).toEqual(read(sent));
  expect(read(await exportAll(file))).toEqual(read(sent));
  for (const [name, path] of sent) {
    const { data } = JSON.parse(await good(['import', path, '--json'], onServer)) as { data: { datasets: unknown[] } };
    expect(data.datasets, name).toEqual([expect.objectContaining({ new: 0, changed: 0 })]);
  }

  const archive = join(makeHome(), 'old.ndjson.gz');
  await good(['prune', '--older-than', '1d', '--archive', archive, '--yes'], onServer);
  expect(read(await exportAll(onServer))).not.toEqual(read(sent));
  await good(['import', archive], onServer);
  expect(read(await exportAll(onServer)).toSorted()).toEqual(read(sent).toSorted());
});

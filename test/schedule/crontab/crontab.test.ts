import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { apply } from '../../../src/schedule/apply.ts';
import { crontab } from '../../../src/schedule/crontab/crontab.ts';
import type { Task } from '../../../src/schedule/scheduler.ts';
import { parseCron } from '../../../src/schedule/times.ts';
import { createFakeCrontab, type FakeCrontab } from './fake-crontab.ts';

const MINE = '# mine\n0 4 * * * true\n';

let fake: FakeCrontab;
beforeEach(() => {
  fake = createFakeCrontab();
});

const directory = () => join(fake.directory, 'state');
const task = (more: Partial<Task> = {}): Task => ({
  id: 'one',
  argv: ['/usr/bin/node', '/opt/s/bin', 'fetch'],
  times: parseCron('0 3 * * *'),
  directory: directory(),
  ...more,
});
const look = () => crontab.look(fake.machine, 'one', directory());

async function install(more: Partial<Task> = {}): Promise<string> {
  const plan = (await look()).planInstall(task(more));
  await apply(fake.machine, plan);
  return plan.change;
}

async function uninstall(): Promise<string> {
  const plan = (await look()).planRemoval();
  await apply(fake.machine, plan);
  return plan.change;
}

test('installs, does not write twice, changes the time, and leaves the table as it was', async () => {
  fake.setTable(MINE);
  expect((await look()).place).toBeUndefined();
  expect(await install()).toBe('added');
  expect(fake.table()?.toString()).toBe(
    `${MINE}# >>> smstats one >>> managed block; do not edit
0 3 * * * '/usr/bin/node' '/opt/s/bin' 'fetch'
# <<< smstats one <<<
`,
  );
  expect((await look()).place).toBe('the crontab of tester');
  const writes = () => fake.calls().filter((call) => call === '-').length;
  expect(writes()).toBe(1);
  expect(await install()).toBe('unchanged');
  expect(writes()).toBe(1);
  expect(await install({ times: parseCron('30 6 * * 1-5') })).toBe('changed');
  expect(fake.table()?.toString()).toContain("\n30 6 * * 1-5 '/usr/bin/node'");
  expect(await uninstall()).toBe('removed');
  expect(fake.table()?.toString()).toBe(MINE);
  expect(await uninstall()).toBe('absent');
});

test('without a table there is none afterwards either', async () => {
  expect(await install()).toBe('added');
  expect(await uninstall()).toBe('removed');
  expect(fake.table()).toBeUndefined();
  expect(fake.calls()).toContain('-r');
});

test('keeps the table as it was before each change, the latest five times, for the owner alone', async () => {
  fake.setTable(MINE);
  let minute = 0;
  fake.machine.now = () => new Date(Date.UTC(2026, 10, 22, 10, minute++));
  for (let hour = 0; hour < 7; hour++) await install({ times: parseCron(`0 ${hour} * * *`) });
  const backups = readdirSync(directory()).toSorted();
  expect(backups).toHaveLength(5);
  const [oldest = ''] = backups;
  expect(oldest).toBe('crontab.20261122T100200000Z.bak');
  expect(readFileSync(join(directory(), oldest), 'utf8')).toContain("\n0 1 * * * '/usr/bin/node'");
  expect(statSync(join(directory(), oldest)).mode & 0o777).toBe(0o600);
});

test('a command that is too long for a crontab goes to a script, which goes with the block', async () => {
  const argv = ['/bin/echo', `it's 100 % ${'\\'.repeat(3)} ${'é'.repeat(600)}`];
  expect(await install({ argv })).toBe('added');
  const script = join(directory(), 'crontab-one.sh');
  expect(fake.table()?.toString()).toContain(`0 3 * * * '${script}'\n`);
  expect(statSync(script).mode & 0o777).toBe(0o700);
  expect(spawnSync(script, { encoding: 'utf8' }).stdout).toBe(`${argv[1]}\n`);
  expect(await install({ argv })).toBe('unchanged');
  expect(await install({ argv: [...argv, 'more'] })).toBe('changed');
  expect(await install()).toBe('changed');
  expect(existsSync(script)).toBe(false);
  await install({ argv });
  await uninstall();
  expect(existsSync(script)).toBe(false);
});

test.each([
  ['crontab: no crontab for tester', 1],
  ['no crontab for root', 1],
  ["crontab: can't open 'root': No such file or directory", 1],
])('"%s" means that there is no table', async (message, code) => {
  fake.behave('list', `[ -f "$TABLE" ] || { echo "${message}" >&2; exit ${code}; }; cat "$TABLE"`);
  expect(await install()).toBe('added');
});

describe('any doubt about the table stops, and nothing is written', () => {
  test.each([
    ['an I/O error', 'echo "crontab: cannot read: Input/output error" >&2; exit 1', 'Input/output error'],
    ['not allowed', 'echo "You (tester) are not allowed to use this program (crontab)" >&2; exit 1', 'not allowed'],
    ['half a table', 'head -c 5 "$TABLE"; echo "no crontab for tester" >&2; exit 1', 'could not be read'],
    ['no word', 'exit 1', 'failed with 1'],
    ['killed', 'kill -9 $$', 'ended by a signal'],
  ])('%s', async (_, code, message) => {
    fake.setTable(MINE);
    fake.behave('list', code);
    await expect(look()).rejects.toThrow(message);
    expect(fake.table()?.toString()).toBe(MINE);
    expect(fake.calls()).not.toContain('-');
  });

  test('there is no crontab', async () => {
    fake.machine.env = { PATH: '/nowhere' };
    fake.machine.run = (argv) =>
      Promise.resolve({ code: null, stdout: Buffer.of(), stderr: argv[0] ?? '', isMissing: true });
    await expect(look()).rejects.toThrow('There is no program "crontab"');
  });
});

test('under sudo nothing is even looked at', async () => {
  Object.assign(fake.machine, { uid: 0, env: { ...fake.env, SUDO_USER: 'tester' } });
  await expect(look()).rejects.toThrow('sudo');
  expect(fake.calls()).toEqual([]);
});

test('a refused table stays as it is, and what crontab said is said', async () => {
  fake.setTable(MINE);
  fake.behave('write', 'echo "errors in crontab file, can\'t install." >&2; exit 1');
  await expect(install()).rejects.toThrow("errors in crontab file, can't install.");
  expect(fake.table()?.toString()).toBe(MINE);
});

test('a table that did not arrive as it was written is put back', async () => {
  fake.setTable(MINE);
  fake.behave(
    'write',
    'cat > "$TABLE.new"; if grep -q smstats "$TABLE.new"; then echo broken > "$TABLE"; else mv "$TABLE.new" "$TABLE"; fi',
  );
  await expect(install()).rejects.toThrow('does not print what was written');
  expect(fake.table()?.toString()).toBe(MINE);
  expect(fake.calls().filter((call) => call === '-')).toHaveLength(2);
});

test('a table that another program changed meanwhile is not written over', async () => {
  fake.setTable(MINE);
  const plan = (await look()).planInstall(task());
  const theirs = `${MINE}0 5 * * * theirs\n`;
  fake.setTable(theirs);
  await expect(apply(fake.machine, plan)).rejects.toThrow('does not print');
  expect(fake.table()?.toString()).toBe(theirs);
  expect(fake.calls()).not.toContain('-');
});

test('a line that another program adds right after ours stays, and ours goes again', async () => {
  fake.setTable(MINE);
  fake.behave('write', 'cat > "$TABLE"; grep -q smstats "$TABLE" && echo "0 5 * * * theirs" >> "$TABLE"; true');
  await expect(install()).rejects.toThrow('does not print what was written');
  expect(fake.table()?.toString()).toBe(`${MINE}0 5 * * * theirs\n`);
});

test('when even the old table cannot be put back, its copy is kept, and it is said where', async () => {
  fake.setTable(MINE);
  fake.behave('write', 'head -c 3 > "$TABLE"; [ -e "$TABLE.once" ] && exit 1; touch "$TABLE.once"; true');
  const error = await install().catch((problem: unknown) => problem as Error & { hint?: string });
  expect((error as Error).message).toContain('could not be put back');
  const [backup = ''] = readdirSync(directory());
  expect((error as { hint?: string }).hint).toContain(`crontab ${join(directory(), backup)}`);
  expect(readFileSync(join(directory(), backup), 'utf8')).toBe(MINE);
});

describe('a table whose listing is not what is in it', () => {
  const CRLF = '0 4 * * * a\r\n# \\r and \\b\n# \b\n';
  const DEBIAN = String.raw`[ -f "$TABLE" ] || { echo "no crontab for tester" >&2; exit 1; }; sed 's/\r/\\r/g; s/\x08/\\b/g' "$TABLE"`;

  test('is read as an editor sees it, and comes back byte for byte', async () => {
    fake.behave('list', DEBIAN);
    fake.behave('edit', 'exec $EDITOR "$TABLE"');
    fake.setTable(CRLF);
    expect(await install()).toBe('added');
    expect(fake.table()?.toString().startsWith(CRLF)).toBe(true);
    expect(await install()).toBe('unchanged');
    expect(await uninstall()).toBe('removed');
    expect(fake.table()?.toString()).toBe(CRLF);
  });

  test('is left alone where no editor shows it', async () => {
    fake.behave('list', DEBIAN);
    fake.setTable(CRLF);
    await expect(install()).rejects.toThrow('carriage returns');
    expect(fake.table()?.toString()).toBe(CRLF);
  });
});

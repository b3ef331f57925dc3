import { expect, test } from 'vitest';
import { createMachine } from '../../src/schedule/machine.ts';

const machine = createMachine({ PATH: '/usr/bin:/bin' }, () => new Date());

test('a program gets what it is given, and what it leaves is told', async () => {
  const ran = await machine.run(['sh', '-c', 'cat; echo "$A $LC_ALL" >&2; pwd; exit 7'], {
    input: Buffer.from([0xff, 0x0a]),
    env: { PATH: '/usr/bin:/bin', A: 'given' },
    cwd: '/usr',
  });
  expect(ran).toEqual({
    code: 7,
    stdout: Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from('/usr\n')]),
    stderr: 'given C',
    isMissing: false,
  });
});

test('a program that is missing, cannot be one, or is killed does not throw', async () => {
  expect(await machine.run(['no-such-program'])).toMatchObject({ code: null, isMissing: true });
  expect(await machine.run(['/etc/passwd/x'])).toMatchObject({ code: null, isMissing: false });
  expect(await machine.run([''])).toMatchObject({ code: null });
  expect(await machine.run(['sh', '-c', 'kill -9 $$'])).toMatchObject({ code: null, isMissing: false });
});

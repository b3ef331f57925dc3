import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createWorld } from '../../src/collect/world.ts';
import type { SmstatsError } from '../../src/core/errors.ts';
import { describeHolder, withLock } from '../../src/login/lock.ts';
import { freshToken, type FreshTokenOptions } from '../../src/login/refresh.ts';
import { hasToken, readToken, writeToken, type StoredToken } from '../../src/login/token-file.ts';
import { makeDirectory } from '../helper/temp-store.ts';
import { APP, startVendorServer, type VendorServer } from '../helper/vendor-server.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = new Date('2026-11-22T10:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms).toISOString();

interface Setup {
  server: VendorServer;
  directory: string;
  secrets: string[];
  ask(options?: Partial<FreshTokenOptions>): Promise<string | undefined>;
  stored(): StoredToken;
}

/** Somebody who logged in an hour ago, at a vendor that knows it. */
async function logIn(provider: string, changes: Partial<StoredToken> = {}): Promise<Setup> {
  const server = await startVendorServer(provider);
  onTestFinished(() => server.close());
  const directory = makeDirectory();
  server.refreshToken = 'refresh-of-the-login';
  writeToken(directory, {
    provider,
    access_token: 'access-of-the-login',
    refresh_token: server.refreshToken,
    expires_at: at(4 * MINUTE),
    refresh_expires_at: null,
    scopes: [...server.vendor.scopes],
    client_id: APP.id,
    obtained_at: at(-60 * MINUTE),
    ...changes,
  });
  const secrets: string[] = [];
  const { id, secret } = server.vendor.credentials;
  return {
    server,
    directory,
    secrets,
    ask: (options) =>
      freshToken({
        provider,
        directory,
        world: createWorld(() => NOW),
        credential: (name) => ({ [id]: APP.id, [secret]: APP.secret })[name],
        addSecret: (each) => secrets.push(each),
        vendor: server.vendor,
        ...options,
      }),
    stored: () => readToken(directory, provider) as StoredToken,
  };
}

const failure = (run: Promise<unknown>) =>
  run.then(
    () => expect.unreachable(),
    (error: unknown) => error as SmstatsError & { problem?: string },
  );

test('nobody logged in: no token, no file, no request', async () => {
  const { server, ask, directory } = await logIn('x');
  expect(await ask({ directory: join(directory, 'none') })).toBeUndefined();
  expect(await ask({ provider: 'bluesky', vendor: undefined })).toBeUndefined();
  expect(server.requests).toEqual([]);
  expect(hasToken(directory, 'x')).toBe(true);
  expect(hasToken(directory, 'youtube')).toBe(false);
  expect(() => hasToken(directory, '../x')).toThrow('is no name of a provider');
});

describe('before it ends', () => {
  test.each([
    ['six minutes are enough', 'x', { expires_at: at(6 * MINUTE) }, 0],
    ['an end that is not known', 'x', { expires_at: null }, 0],
    ['four minutes are not', 'x', {}, 1],
    ['it has ended', 'x', { expires_at: at(-DAY) }, 1],
    ['a week old, though good for three more', 'pinterest', { expires_at: at(23 * DAY), obtained_at: at(-7 * DAY) }, 1],
    ['six days old', 'pinterest', { expires_at: at(24 * DAY), obtained_at: at(-6 * DAY) }, 0],
  ] as const)('%s', async (_, provider, changes, requests) => {
    const { server, ask, stored, secrets } = await logIn(provider, changes);
    const token = await ask();
    expect(server.requests.length).toBe(requests);
    expect(token).toBe(requests === 0 ? 'access-of-the-login' : stored().access_token);
    expect(token === 'access-of-the-login').toBe(requests === 0);
    expect(secrets).toEqual(expect.arrayContaining(['access-of-the-login', 'refresh-of-the-login', ...server.given]));
  });

  test.each(['x', 'tiktok-display', 'pinterest'])('%s: the new refresh token is kept', async (provider) => {
    const { server, ask, stored, directory } = await logIn(provider);
    await ask();
    expect(stored().refresh_token).toBe(server.refreshToken);
    expect(stored().refresh_token).not.toBe('refresh-of-the-login');
    expect(stored().obtained_at).toBe(NOW.toISOString());
    const path = join(directory, 'tokens', `${provider}.json`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, 'tokens'))).toEqual([`${provider}.json`]);
    // And it works the next time.
    await ask({ world: createWorld(() => new Date(NOW.getTime() + 40 * DAY)) });
    expect(server.requests.length).toBe(2);
  });

  test.each(['youtube', 'linkedin'])('%s: the old refresh token stays where no new one comes', async (provider) => {
    const { server, ask, stored } = await logIn(provider, { refresh_expires_at: at(300 * DAY) });
    server.fault = (_, response) =>
      Boolean(response.end(JSON.stringify({ access_token: 'access-number-two', expires_in: 3600 })));
    expect(await ask()).toBe('access-number-two');
    expect(stored()).toMatchObject({
      refresh_token: 'refresh-of-the-login',
      refresh_expires_at: at(300 * DAY),
      scopes: server.vendor.scopes,
    });
  });

  test('threads: the token itself is exchanged for a newer one', async () => {
    const { server, ask, stored } = await logIn('threads', {
      refresh_token: null,
      expires_at: at(50 * DAY),
      obtained_at: at(-10 * DAY),
    });
    server.fault = ({ path, form }, response) =>
      path === '/renew' && form['grant_type'] === 'th_refresh_token' && form['access_token'] === 'access-of-the-login'
        ? Boolean(response.end(JSON.stringify({ access_token: 'long-number-two', expires_in: 5_183_944 })))
        : false;
    expect(await ask()).toBe('long-number-two');
    expect(stored().expires_at).toBe(at(5_183_944_000));
  });
});

describe('a vendor that', () => {
  test('says no: log in again', async () => {
    const { server, ask, secrets } = await logIn('x');
    server.refreshToken = 'another-one';
    const error = await failure(ask());
    expect(error).toMatchObject({ problem: 'refused', exitCode: 4, hint: 'smstats login x' });
    expect(error.message).toBe('refused to renew the login: invalid_grant (Bad: invalid_grant)');
    for (const secret of secrets) expect(`${error.message}${error.stack}`).not.toContain(secret);
  });

  test.each(['tiktok-display', 'pinterest', 'threads'])('says no in the words of %s', async (provider) => {
    const { server, ask } = await logIn(provider, provider === 'threads' ? { refresh_token: null } : {});
    server.refreshToken = 'another-one';
    expect(await failure(ask())).toMatchObject({ problem: 'refused', hint: `smstats login ${provider}` });
  });

  test('says no early is not believed before the end', async () => {
    const { server, ask } = await logIn('pinterest', { expires_at: at(20 * DAY), obtained_at: at(-10 * DAY) });
    server.refreshToken = 'another-one';
    expect(await ask()).toBe('access-of-the-login');
  });

  test('repeats a token in its refusal does not get it printed', async () => {
    const { server, ask } = await logIn('x');
    server.fault = ({ form }, response) =>
      Boolean(
        response
          .writeHead(400)
          .end(JSON.stringify({ error: 'invalid_request', error_description: `${form['refresh_token']} is bad` })),
      );
    const error = await failure(ask());
    expect(error.message).toBe('refused to renew the login: invalid_request (*** is bad)');
  });

  test('gave nothing to renew with: it ends', async () => {
    const { server, ask } = await logIn('linkedin', { refresh_token: null });
    const error = await failure(ask());
    expect(error).toMatchObject({ problem: 'refused', hint: 'smstats login linkedin' });
    expect(error.message).toBe(
      'needs a new login: the old one ends on 2026-11-22, and there is nothing to renew it with',
    );
    expect(server.requests).toEqual([]);
  });

  test('is out of reach matters only when the token has ended', async () => {
    const { server, ask } = await logIn('x');
    await server.close();
    expect(await ask()).toBe('access-of-the-login');
    const late = { world: createWorld(() => new Date(NOW.getTime() + 5 * MINUTE)) };
    expect(await failure(ask(late))).toMatchObject({ problem: 'unavailable', exitCode: 6 });
  });

  test('knows another app than the one in the configuration', async () => {
    const { server, ask } = await logIn('youtube', { client_id: 'the-app-of-last-year' });
    expect(await failure(ask())).toMatchObject({
      problem: 'refused',
      hint: expect.stringContaining('check credentials.youtube_client_id') as string,
    });
    // The secret of one app is not told together with the id of another.
    expect(server.requests[0]?.form).not.toHaveProperty('client_secret');
  });
});

describe('a file', () => {
  test('that others can read is refused', async () => {
    const { ask, directory } = await logIn('x');
    chmodSync(join(directory, 'tokens', 'x.json'), 0o640);
    const error = await failure(ask());
    expect(error.message).toContain('other users of this machine can read it');
    expect(error.hint).toMatch(/^chmod 600 /);
  });

  test.each(['', '{', '[]', '{"provider":"x","access_token":5}'])('that is broken (%s) is named', async (text) => {
    const { ask, directory } = await logIn('x');
    writeFileSync(join(directory, 'tokens', 'x.json'), text, { mode: 0o600 });
    expect(await failure(ask())).toMatchObject({ exitCode: 2, hint: 'smstats login x' });
  });

  test('that cannot be written is noticed before the refresh token is spent', async () => {
    const { server, ask, directory } = await logIn('x', { expires_at: at(-MINUTE) });
    blockWrites(directory);
    const error = await failure(ask());
    // Of this account alone: the others go on.
    expect(error).toMatchObject({ problem: 'unavailable' });
    expect(error.message).toContain('x.json could not be written');
    expect(server.requests).toEqual([]);
  });

  test('that cannot be written does not take away a token that is still good', async () => {
    const { server, ask, directory } = await logIn('x');
    blockWrites(directory);
    const warnings: string[] = [];
    expect(await ask({ warn: (text) => warnings.push(text) })).toBe('access-of-the-login');
    expect(warnings).toEqual([expect.stringContaining('x.json could not be written')]);
    expect(server.requests).toEqual([]);
  });

  test('that is a link is not followed', async () => {
    const { ask, directory } = await logIn('x');
    const path = join(directory, 'tokens', 'x.json');
    renameSync(path, join(directory, 'elsewhere.json'));
    symlinkSync(join(directory, 'elsewhere.json'), path);
    expect((await failure(ask())).message).toBe(`${path} is a link; a login is read from a file alone.`);
  });

  test('in a directory that everybody can write is refused', async () => {
    const { ask, directory } = await logIn('x');
    chmodSync(join(directory, 'tokens'), 0o777);
    expect(await failure(ask())).toMatchObject({ exitCode: 2, hint: `chmod go-w ${join(directory, 'tokens')}` });
  });

  test.skipIf(process.geteuid?.() !== 0).each(['tokens', 'tokens/x.json'])(
    '%s of another user is refused, and not written',
    async (name) => {
      const { ask, directory, server } = await logIn('x');
      chownSync(join(directory, name), 12_345, 12_345);
      expect((await failure(ask())).message).toContain('belongs to another user (12345)');
      expect(server.requests).toEqual([]);
    },
  );
});

/** A temporary file cannot be made where a directory of that name is. */
function blockWrites(directory: string): void {
  mkdirSync(join(directory, 'tokens', `x.json.${process.pid}.tmp`));
}

describe('a clock that was set back', () => {
  test('does not keep a token for good that ended long ago', async () => {
    const { server, ask, stored } = await logIn('x', {
      obtained_at: at(300 * DAY),
      expires_at: at(300 * DAY + 60 * MINUTE),
    });
    expect(await ask()).toBe(stored().access_token);
    expect(server.requests.length).toBe(1);
    expect(stored().obtained_at).toBe(NOW.toISOString());
    await ask();
    expect(server.requests.length).toBe(1);
  });

  test('leaves alone what cannot be renewed', async () => {
    const { server, ask } = await logIn('linkedin', {
      refresh_token: null,
      obtained_at: at(DAY),
      expires_at: at(30 * DAY),
    });
    expect(await ask()).toBe('access-of-the-login');
    expect(server.requests).toEqual([]);
  });
});

describe('a token that the vendor did not take', () => {
  const good = { expires_at: at(60 * MINUTE) };

  test('is renewed although it seems good, once for all who ask', async () => {
    const { server, ask, stored } = await logIn('x', good);
    const tokens = await Promise.all(Array.from({ length: 4 }, () => ask({ force: true })));
    expect(new Set(tokens)).toEqual(new Set([stored().access_token]));
    expect(stored().access_token).not.toBe('access-of-the-login');
    // Who comes a moment later gets the same.
    expect(await ask({ force: true })).toBe(stored().access_token);
    expect(server.requests.length).toBe(1);
  });

  test('is not handed out again when it cannot be renewed', async () => {
    const { server, ask } = await logIn('x', good);
    server.refreshToken = 'another-one';
    expect(await failure(ask({ force: true }))).toMatchObject({ problem: 'refused', hint: 'smstats login x' });
    await server.close();
    expect(await failure(ask({ force: true }))).toMatchObject({ problem: 'unavailable' });
  });
});

describe('a new token that was not kept', () => {
  test('is handed out all the same, to whoever asks later too, and kept when there is room', async () => {
    const { server, ask, directory, stored } = await logIn('x');
    server.fault = () => (blockWrites(directory), false);
    const warnings: string[] = [];
    const token = await ask({ warn: (text) => warnings.push(text) });
    expect(server.given).toContain(token);
    expect(warnings).toEqual([expect.stringContaining('the new login of x could not be kept')]);
    expect(warnings.join()).not.toContain(token);
    expect(stored().access_token).toBe('access-of-the-login');

    expect(await ask()).toBe(token);
    expect(server.requests.length).toBe(1);
    rmSync(join(directory, 'tokens', `x.json.${process.pid}.tmp`), { recursive: true });
    expect(await ask()).toBe(token);
    expect(stored()).toMatchObject({ access_token: token, refresh_token: server.refreshToken });
    expect(server.requests.length).toBe(1);
    expect(readdirSync(join(directory, 'tokens'))).toEqual(['x.json']);
  });

  test('stays whole beside its place, for the next process', { timeout: 30_000 }, async () => {
    const setup = await logIn('x');
    const { server, ask, directory } = setup;
    const path = join(directory, 'tokens', 'x.json');
    const old = readFileSync(path);
    // A file cannot take the place of a directory.
    server.fault = () => (rmSync(path), mkdirSync(path), false);
    const token = await ask();
    expect(server.given).toContain(token);
    expect(readdirSync(join(directory, 'tokens'))).toEqual(['x.json', `x.json.${process.pid}.tmp`]);
    rmSync(path, { recursive: true });
    writeFileSync(path, old, { mode: 0o600 });
    server.fault = undefined;
    expect(await startAsking(setup).word).toBe(token);
    expect(server.requests.length).toBe(1);
    expect(readdirSync(join(directory, 'tokens'))).toEqual(['x.json']);
  });

  test('is taken when it is newer, whole and private, before the vendor is asked', async () => {
    const { server, ask, directory, stored, secrets } = await logIn('x');
    const leave = (pid: number, changes: Partial<StoredToken>, mode = 0o600) =>
      writeFileSync(
        join(directory, 'tokens', `x.json.${pid}.tmp`),
        JSON.stringify({ ...stored(), expires_at: at(90 * MINUTE), ...changes }),
        { mode },
      );
    leave(1, { access_token: 'access-older', obtained_at: at(-120 * MINUTE) });
    leave(2, { access_token: 'access-newer', obtained_at: at(-2 * MINUTE) });
    leave(3, { access_token: 'access-of-another', obtained_at: at(-MINUTE), provider: 'youtube' });
    leave(4, { access_token: 'access-not-private', obtained_at: at(-MINUTE) }, 0o644);
    writeFileSync(join(directory, 'tokens', 'x.json.5.tmp'), '{"provider":"x","acc', { mode: 0o600 });
    mkdirSync(join(directory, 'tokens', 'x.json.6.tmp'), { mode: 0o700 });
    expect(await ask()).toBe('access-newer');
    expect(server.requests).toEqual([]);
    expect(secrets).toContain('access-newer');
    expect(stored().access_token).toBe('access-newer');
    expect(readdirSync(join(directory, 'tokens'))).toEqual(['x.json']);
  });

  test('nothing that a write left outlives the next one', async () => {
    const { server, ask, directory, stored } = await logIn('x');
    writeFileSync(join(directory, 'tokens', 'x.json.7.tmp'), '{"refresh_token":"old', { mode: 0o600 });
    writeFileSync(join(directory, 'tokens', 'youtube.json.7.tmp'), 'of another', { mode: 0o600 });
    expect(await ask()).toBe(stored().access_token);
    expect(server.requests.length).toBe(1);
    expect(readdirSync(join(directory, 'tokens'))).toEqual(['x.json', 'youtube.json.7.tmp']);
  });
});

/** A process of its own that asks for the token and prints it. */
function startAsking({ server, directory }: Setup): ChildProcess & { word: Promise<string> } {
  const code = `
    import { createWorld } from '${ROOT}/src/collect/world.ts';
    import { freshToken } from '${ROOT}/src/login/refresh.ts';
    const [provider, directory, vendor, id, secret] = process.argv.slice(1);
    const names = JSON.parse(vendor).credentials;
    process.stdout.write(String(await freshToken({
      provider, directory, vendor: JSON.parse(vendor), world: createWorld(() => new Date('${NOW.toISOString()}')),
      credential: (name) => ({ [names.id]: id, [names.secret]: secret })[name], addSecret() {},
    })));`;
  const { vendor } = server;
  const argv = [vendor.provider, directory, JSON.stringify(vendor), APP.id, APP.secret];
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, ...argv], { cwd: ROOT });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (data) => (text += String(data)));
  child.stderr.on('data', (data) => (text += String(data)));
  return Object.assign(child, { word: once(child, 'close').then(() => text) });
}

describe('several at once', () => {
  test('in one process spend the refresh token once', async () => {
    const { server, ask, stored } = await logIn('x');
    const tokens = await Promise.all(Array.from({ length: 6 }, () => ask()));
    expect(new Set(tokens)).toEqual(new Set([stored().access_token]));
    expect(server.requests.length).toBe(1);
  });

  test('in processes of their own spend it once', { timeout: 30_000 }, async () => {
    const setup = await logIn('tiktok-display');
    const words = await Promise.all(Array.from({ length: 3 }, () => startAsking(setup).word));
    expect(new Set(words)).toEqual(new Set([setup.stored().access_token]));
    expect(setup.server.requests.length).toBe(1);
  });

  test('a process that is killed while it asks holds nobody up', { timeout: 30_000 }, async () => {
    const setup = await logIn('x');
    const { server, ask, directory, stored } = setup;
    // The first one is never answered.
    server.fault = () => server.requests.length === 1;
    const child = startAsking(setup);
    await vi.waitUntil(() => server.requests.length === 1, { timeout: 20_000 });
    expect(existsSync(join(directory, 'tokens', 'x.lock'))).toBe(true);
    child.kill('SIGKILL');
    await child.word;
    expect(await ask()).toBe(stored().access_token);
    expect(server.requests.length).toBe(2);
    expect(readdirSync(join(directory, 'tokens'))).toEqual(['x.json']);
  });

  const holder = (madeMs?: number) => describeHolder(madeMs).split(' ');
  const uptimeMs = () => Number(process.hrtime.bigint() / 1_000_000n);
  const HOUR = 60 * MINUTE;

  /** Whether a lock that stands there is respected. */
  async function isRespected(mark: string, mtime = new Date()): Promise<boolean> {
    const { server, ask, directory } = await logIn('x');
    const lock = join(directory, 'tokens', 'x.lock');
    writeFileSync(lock, mark);
    utimesSync(lock, mtime, mtime);
    const asked = ask();
    await new Promise((done) => setTimeout(done, 250));
    const isHeld = server.requests.length === 0 && existsSync(lock);
    if (isHeld) rmSync(lock);
    await asked;
    return isHeld;
  }

  test('a living process keeps its lock, whatever the clock on the wall says', async () => {
    expect(await isRespected(`${describeHolder()} abc`, new Date(Date.now() - 100 * DAY))).toBe(true);
    expect(await isRespected(`${describeHolder(uptimeMs() - 14 * MINUTE)} abc`)).toBe(true);
    expect(await isRespected(`${describeHolder(uptimeMs() - 16 * MINUTE)} abc`)).toBe(false);
    // From before the machine was started anew.
    expect(await isRespected(`${describeHolder(uptimeMs() + HOUR)} abc`)).toBe(false);
  });

  test.runIf(existsSync('/proc/self/stat'))('a number that another process has by now is no sign of life', async () => {
    const [host, pid, start, ...rest] = holder();
    expect(start).toMatch(/^\d+$/);
    expect(await isRespected([host, pid, '12', ...rest, 'abc'].join(' '))).toBe(false);
  });

  test.runIf(existsSync('/proc/self/ns/pid'))(
    'a number means nothing in another container of the same name',
    async () => {
      const [host, , start, namespace, madeMs] = holder();
      expect(namespace).toMatch(/^pid:/);
      const mark = [host, '4194305', start, 'pid:[1]', madeMs, 'abc'].join(' ');
      expect(await isRespected(mark)).toBe(true);
      expect(await isRespected(mark, new Date(Date.now() - 16 * MINUTE))).toBe(false);
    },
  );

  test('a lock that cannot be made is a failure of this account alone, and names its path', async () => {
    const blockLock = ({ directory }: Setup) => {
      const lock = join(directory, 'tokens', 'x.lock');
      // Old enough to be removed, and no file that could be.
      mkdirSync(lock);
      utimesSync(lock, 0, 0);
      return lock;
    };
    const ended = await logIn('x', { expires_at: at(-MINUTE) });
    const lock = blockLock(ended);
    const error = await failure(ended.ask());
    expect(error).toMatchObject({ problem: 'unavailable', hint: expect.stringContaining('has room') as string });
    expect(error.message).toContain(`cannot renew its login: ${lock} could not be made`);

    const alive = await logIn('x');
    blockLock(alive);
    const warnings: string[] = [];
    expect(await alive.ask({ warn: (text) => warnings.push(text) })).toBe('access-of-the-login');
    expect(warnings).toEqual([expect.stringContaining('x.lock could not be made')]);
    expect(alive.server.requests).toEqual([]);

    const file = join(alive.directory, 'file');
    writeFileSync(file, '');
    const wrapped = await failure(withLock(join(file, 'x.lock'), () => Promise.resolve()));
    expect(wrapped.message).toContain(`${join(file, 'x.lock')} could not be made`);
    expect(wrapped.exitCode).toBe(2);
  });

  test('a lock of another machine counts until it is old', async () => {
    const { server, ask, directory } = await logIn('x');
    const lock = join(directory, 'tokens', 'x.lock');
    writeFileSync(lock, 'not-this-machine 1 abc');
    const asked = ask();
    await new Promise((done) => setTimeout(done, 150));
    expect(server.requests).toEqual([]);
    expect(readFileSync(lock, 'utf8')).toBe('not-this-machine 1 abc');
    utimesSync(lock, new Date(), new Date(Date.now() - 16 * MINUTE));
    expect(await asked).toMatch(/^access-/);
    expect(existsSync(lock)).toBe(false);
  });

  test('a login that was made meanwhile is taken instead of a refusal', async () => {
    const { server, ask, directory, stored } = await logIn('x');
    server.fault = (_, response) => {
      writeToken(directory, { ...stored(), access_token: 'access-of-a-new-login', expires_at: at(60 * MINUTE) });
      return Boolean(response.writeHead(400).end('{"error":"invalid_grant"}'));
    };
    expect(await ask()).toBe('access-of-a-new-login');
  });

  test('the rest of a dead process is cleared by one alone', async () => {
    const { server, ask, directory } = await logIn('x');
    // No process has this id: it is above the largest there can be.
    const [host, , ...rest] = holder();
    writeFileSync(join(directory, 'tokens', 'x.lock'), [host, '4194305', ...rest, 'abc'].join(' '));
    await Promise.all(Array.from({ length: 6 }, () => ask()));
    expect(server.requests.length).toBe(1);
  });
});

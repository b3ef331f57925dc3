import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runLogin, type LoginParts } from '../../src/command/login.ts';
import { runLogout } from '../../src/command/logout.ts';
import { createWorld } from '../../src/collect/world.ts';
import { createContext, type GlobalFlags } from '../../src/context.ts';
import { SmstatsError } from '../../src/core/errors.ts';
import type { StoredToken } from '../../src/login/token-file.ts';
import { VENDORS } from '../../src/login/vendors.ts';
import { makeHome, NOW, runCli } from '../helper/run-cli.ts';
import { allowInBrowser, APP, startVendorServer, type VendorServer } from '../helper/vendor-server.ts';

type Options = NonNullable<Parameters<typeof runLogin>[2]>;

interface Session {
  stdin?: string;
  flags?: GlobalFlags;
  stop?: AbortSignal;
  secret?: string;
}

/** What a login needs, and what it left on both streams. */
function openSession(home: string, server: VendorServer, session: Session = {}) {
  const out = { stdout: '', stderr: '' };
  const { id, secret } = server.vendor.credentials;
  const never = new AbortController().signal;
  const context = createContext(
    {
      env: {
        SMSTATS_HOME: home,
        SMSTATS_TIMEZONE: 'UTC',
        [id.toUpperCase()]: APP.id,
        [secret.toUpperCase()]: session.secret ?? APP.secret,
      },
      stdin: () => Readable.from(session.stdin === undefined ? [] : [session.stdin]),
      stdout: { write: (text) => (out.stdout += text) },
      stderr: { write: (text) => (out.stderr += text) },
      now: () => NOW,
      version: '0.0.0-test',
      running: { execPath: process.execPath, script: '', version: process.version, modules: '' },
      program: 'smstats',
      stop: session.stop ?? never,
      abort: never,
      onSignals: () => {},
      http: { sleep: () => Promise.resolve() },
    },
    session.flags ?? {},
  );
  return { context, out };
}

async function start(provider: string): Promise<{ home: string; server: VendorServer }> {
  const server = await startVendorServer(provider);
  onTestFinished(() => server.close());
  return { home: makeHome(), server };
}

/** A person who does as the page says, in a browser of this machine. */
function openAndFollow(seen: { back?: string; page?: Response } = {}): NonNullable<LoginParts['openBrowser']> {
  return (url) => {
    void (async () => {
      seen.back = await allowInBrowser(url);
      seen.page = await fetch(seen.back);
    })();
    return true;
  };
}

function readStored(home: string, provider: string): StoredToken {
  return JSON.parse(readFileSync(join(home, 'tokens', `${provider}.json`), 'utf8')) as StoredToken;
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));
}

/** Any that is free, also where the vendor wants a fixed one: tests run beside each other. */
const FREE_PORT = 0;

const failure = (run: Promise<unknown>) =>
  run.then(
    () => expect.unreachable(),
    (error: unknown) => error as SmstatsError,
  );

describe('a login in the browser', () => {
  test.each(['youtube', 'x', 'tiktok-display', 'pinterest', 'linkedin'])(
    '%s, from the page to the file',
    async (name) => {
      const { home, server } = await start(name);
      const { context, out } = openSession(home, server);
      const seen: { back?: string; page?: Response } = {};
      const parts = { vendor: server.vendor, openBrowser: openAndFollow(seen) };
      expect(await runLogin(context, name, { port: FREE_PORT, browser: true }, parts)).toBe(0);

      const stored = readStored(home, name);
      expect(server.given).toContain(stored.access_token);
      expect(stored).toMatchObject({ provider: name, client_id: APP.id, obtained_at: NOW.toISOString() });
      expect(Date.parse(stored.expires_at ?? '')).toBeGreaterThan(NOW.getTime());
      expect(stored.refresh_token === null).toBe(name === 'linkedin');
      expect(stored.scopes).toEqual(server.vendor.scopes);
      expect(statSync(join(home, 'tokens', `${name}.json`)).mode & 0o777).toBe(0o600);
      expect(statSync(join(home, 'tokens')).mode & 0o777).toBe(0o700);
      expect(readdirSync(join(home, 'tokens'))).toEqual([`${name}.json`]);

      // The address is always printed, as is what to register.
      expect(out.stderr).toContain(`${server.vendor.authorizeUrl}?response_type=code`);
      expect(out.stdout).toContain(`Logged in with ${name}`);
      await vi.waitUntil(() => seen.page);
      const page = await seen.page?.text();
      for (const secret of [...server.given, APP.secret]) {
        expect(out.stdout + out.stderr + page).not.toContain(secret);
      }
      expect(seen.page?.headers.get('cache-control')).toBe('no-store');
      expect(seen.page?.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(seen.page?.headers.get('referrer-policy')).toBe('no-referrer');
      // Nothing listens any more.
      await expect(fetch(seen.back as string)).rejects.toThrow('fetch failed');
    },
  );

  test('the redirect URIs are the ones to register', async () => {
    const told: Record<string, string | undefined> = {};
    for (const name of Object.keys(VENDORS)) {
      const { home, server } = await start(name);
      const stop = new AbortController();
      const { context, out } = openSession(home, server, { stop: stop.signal, stdin: 'x\n' });
      const parts = { vendor: server.vendor, openBrowser: () => (stop.abort(), true) };
      await failure(runLogin(context, name, { browser: true }, parts));
      told[name] = /redirect URI: (\S+)/.exec(out.stderr)?.[1]?.replace(/:\d{5}\//, ':…/');
    }
    expect(told).toEqual({
      youtube: undefined,
      x: 'http://127.0.0.1:8723/callback',
      'tiktok-display': 'http://127.0.0.1:*/callback/',
      pinterest: 'http://localhost:8723/callback',
      threads: 'https://localhost/callback',
      linkedin: 'http://localhost:8723/callback',
    });
  });

  test('a refusal ends it with a plain page and exit 4', async () => {
    const { home, server } = await start('youtube');
    server.person = 'deny';
    const { context } = openSession(home, server);
    const seen: { back?: string; page?: Response } = {};
    const parts = { vendor: server.vendor, openBrowser: openAndFollow(seen) };
    const error = await failure(runLogin(context, 'youtube', { browser: true }, parts));
    expect(error.message).toContain('was not allowed');
    expect(error.exitCode).toBe(4);
    expect(error.hint).toBe('smstats login youtube');
    expect(server.requests).toEqual([]);
    expect(existsSync(join(home, 'tokens'))).toBe(false);
    await vi.waitUntil(() => seen.page);
    const text = (await seen.page?.text()) ?? '';
    expect(seen.page?.status).toBe(400);
    for (const secret of [...server.given, 'denied']) expect(text).not.toContain(secret);
  });

  test('what is not of this login does not end it, and is told once', async () => {
    const { home, server } = await start('youtube');
    const { context, out } = openSession(home, server);
    const statuses: number[] = [];
    const parts: LoginParts = {
      vendor: server.vendor,
      openBrowser: (url) => {
        void (async () => {
          const back = new URL(await allowInBrowser(url));
          const { origin, pathname, searchParams } = back;
          for (const query of [
            'error=access_denied',
            'error=Go%20to%20evil.example&error_description=Type%20your%20password',
            'code=guessed',
            'code=guessed&state=guessed',
            'error=access_denied&state=',
            `state=${searchParams.get('state')}`,
          ]) {
            const page = await fetch(`${origin}${pathname}?${query}`);
            statuses.push(page.status);
            expect(await page.text()).not.toContain('evil');
          }
          statuses.push((await fetch(back)).status);
        })();
        return true;
      },
    };
    expect(await runLogin(context, 'youtube', { browser: true }, parts)).toBe(0);
    await vi.waitUntil(() => statuses.length === 7);
    expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 200]);
    expect(out.stderr.match(/does not belong to this login/g)).toHaveLength(1);
    expect(out.stderr).not.toContain('evil');
  });

  test.each(['//', '//[', 'http://[', '/callback\\', 'http://', '*', '/%'])(
    'GET %s does not end the program',
    async (address) => {
      const { home, server } = await start('youtube');
      const { context } = openSession(home, server);
      let answer = '';
      const parts: LoginParts = {
        vendor: server.vendor,
        openBrowser: (url) => {
          void (async () => {
            const back = await allowInBrowser(url);
            const { port, host } = new URL(back);
            answer = await speak(Number(port), `GET ${address} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
            await fetch(back);
          })();
          return true;
        },
      };
      expect(await runLogin(context, 'youtube', { browser: true }, parts)).toBe(0);
      expect(answer).toMatch(/^HTTP\/1\.1 40[04]/);
    },
  );

  test.runIf(hasIPv6())('localhost is both addresses, and nobody else may have one of them', async () => {
    const { home, server } = await start('linkedin');
    const { context } = openSession(home, server);
    const pages: string[] = [];
    const parts: LoginParts = {
      vendor: server.vendor,
      openBrowser: (url) => {
        void (async () => {
          const back = await allowInBrowser(url);
          const { port, host, pathname, search } = new URL(back);
          pages.push(await speak(Number(port), `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`, '127.0.0.1'));
          pages.push(await speak(Number(port), `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, '::1'));
        })();
        return true;
      },
    };
    expect(await runLogin(context, 'linkedin', { port: FREE_PORT, browser: true }, parts)).toBe(0);
    await vi.waitUntil(() => pages.length === 2);
    expect(pages).toEqual([expect.stringMatching(/^HTTP\/1\.1 404/), expect.stringMatching(/^HTTP\/1\.1 200/)]);

    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '::1', done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const error = await failure(
      runLogin(openSession(home, server).context, 'linkedin', { port, browser: true }, { vendor: server.vendor }),
    );
    expect(error.message).toBe(`Port ${port} of this machine is taken.`);
    // The address of the other family was let go.
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
  });

  test('other paths, hosts and methods are turned away and change nothing', async () => {
    const { home, server } = await start('youtube');
    const { context } = openSession(home, server);
    const statuses: number[] = [];
    let rebound = '';
    const parts: LoginParts = {
      vendor: server.vendor,
      openBrowser: (url) => {
        void (async () => {
          const back = await allowInBrowser(url);
          const { origin, port } = new URL(back);
          statuses.push((await fetch(`${origin}/favicon.ico`)).status, (await fetch(back, { method: 'POST' })).status);
          rebound = await speak(Number(port), `GET ${back.replace(origin, '')} HTTP/1.1\r\nHost: evil.example\r\n\r\n`);
          statuses.push((await fetch(back)).status);
        })();
        return true;
      },
    };
    expect(await runLogin(context, 'youtube', { browser: true }, parts)).toBe(0);
    await vi.waitUntil(() => statuses.length === 3);
    expect(statuses).toEqual([404, 405, 200]);
    expect(rebound).toContain('HTTP/1.1 404');
  });

  test('a port that is taken says so', async () => {
    const { home, server } = await start('x');
    const port = Number(new URL(server.vendor.tokenUrl).port);
    const error = await failure(runLogin(openSession(home, server).context, 'x', { port }, { vendor: server.vendor }));
    expect(error).toMatchObject({ exitCode: 2, hint: 'another one: --port <n>' });
    expect(error.message).toBe(`Port ${port} of this machine is taken.`);
  });

  test('it gives up after its time, and at once on Ctrl-C', async () => {
    const { home, server } = await start('youtube');
    const parts: LoginParts = { vendor: server.vendor, timeoutMs: 40, openBrowser: () => true };
    const late = await failure(runLogin(openSession(home, server).context, 'youtube', { browser: true }, parts));
    expect(late.message).toContain('No answer came from the browser');
    expect(late.exitCode).toBe(4);

    const stop = new AbortController();
    const { context } = openSession(home, server, { stop: stop.signal });
    const broken = failure(runLogin(context, 'youtube', { browser: true }, { ...parts, timeoutMs: 60_000 }));
    setTimeout(() => stop.abort(), 20);
    expect((await broken).exitCode).toBe(130);
    expect(existsSync(join(home, 'tokens'))).toBe(false);
  });

  test('--no-browser opens nothing', async () => {
    const { home, server } = await start('youtube');
    const { context, out } = openSession(home, server);
    let isOpened = false;
    const parts = { vendor: server.vendor, timeoutMs: 30, openBrowser: () => (isOpened = true) };
    await failure(runLogin(context, 'youtube', { browser: false }, parts));
    expect(isOpened).toBe(false);
    expect(out.stderr).toContain(server.vendor.authorizeUrl);
  });

  test('what the person did not allow is named', async () => {
    const { home, server } = await start('tiktok-display');
    server.fault = (_, response) =>
      Boolean(
        response.end(JSON.stringify({ access_token: 'act.something', expires_in: 7200, scope: 'user.info.basic' })),
      );
    const { context, out } = openSession(home, server);
    await runLogin(
      context,
      'tiktok-display',
      { browser: true },
      { vendor: server.vendor, openBrowser: openAndFollow() },
    );
    expect(out.stderr).toContain('not allowed, so those numbers stay unknown: user.info.profile, user.info.stats');
    expect(readStored(home, 'tiktok-display').scopes).toEqual(['user.info.basic']);
  });

  test.each([
    ['a wrong secret', 4, 'refused the code: invalid_client (unknown ***)', undefined],
    ['a server that fails', 6, 'is failing (503)', [503, 'down']],
    ['a page instead of JSON', 6, 'not a JSON object', [200, '<html>']],
    ['a redirect', 6, 'it was not followed', [302, '']],
    ['an endless answer', 6, 'could not be reached', [200, `"${'x'.repeat(300_000)}"`]],
    ['an answer without a token', 6, 'answered without a token', [200, '{}']],
    ['too many requests', 5, 'asks to slow down', [429, '{}']],
  ] as const)('%s is told, without a secret', async (what, exitCode, message, answer) => {
    const { home, server } = await start('youtube');
    if (answer) {
      const [status, body] = answer;
      server.fault = (_, response) =>
        Boolean(response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body));
    }
    const secret = what === 'a wrong secret' ? 'not-the-secret-of-my-app' : APP.secret;
    const { context, out } = openSession(home, server, { secret });
    const parts = { vendor: server.vendor, openBrowser: openAndFollow() };
    const error = await failure(runLogin(context, 'youtube', { browser: true }, parts));
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(exitCode);
    const said = `${error.message} ${error.hint} ${error.stack} ${out.stderr}`;
    for (const each of [...server.given, secret]) expect(said).not.toContain(each);
    expect(existsSync(join(home, 'tokens', 'youtube.json'))).toBe(false);
  });
});

/** Says bytes to a port and returns what comes back. */
function speak(port: number, text: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((done) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(text));
    socket.on('error', (error) => (answer ||= String(error)));
    socket.on('data', (data) => (answer += String(data)));
    socket.on('close', () => done(answer));
  });
}

describe('a login whose address is pasted', () => {
  test('threads: https, the code without what is appended, and the longer token', async () => {
    const { home, server } = await start('threads');
    let back = '';
    const { context, out } = openSession(home, server);
    context.stdin = () =>
      Readable.from(
        (async function* () {
          await vi.waitUntil(() => back !== '');
          yield `${back}\n`;
        })(),
      );
    const openBrowser = (url: string) => {
      void allowInBrowser(url).then((address) => (back = address));
      return true;
    };
    expect(await runLogin(context, 'threads', { browser: true }, { vendor: server.vendor, openBrowser })).toBe(0);
    expect(back).toMatch(/^https:\/\/localhost\/callback\?.*#_$/);
    const stored = readStored(home, 'threads');
    expect(stored.access_token).toMatch(/^long-/);
    expect(stored).toMatchObject({ refresh_token: null, expires_at: '2027-01-21T09:59:04.000Z' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/token', '/exchange']);
    expect(out.stderr).toContain('Paste its whole address here:');
    for (const secret of server.given) expect(out.stdout + out.stderr).not.toContain(secret);
  });

  test.each([
    ['another state', 'https://localhost/callback?code=abcdef&state=guessed', 4, 'its state is another one'],
    ['no state', 'https://localhost/callback?code=abcdef', 4, 'its state is missing'],
    ['a code alone', 'abcdef', 2, 'That is no address of a page'],
    ['nothing', '', 2, 'That is no address of a page'],
  ])('%s is not taken', async (_, pasted, exitCode, message) => {
    const { home, server } = await start('threads');
    const { context } = openSession(home, server, { stdin: `${pasted}\n` });
    const error = await failure(runLogin(context, 'threads', { browser: false }, { vendor: server.vendor }));
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(exitCode);
    expect(server.requests).toEqual([]);
  });

  test('Ctrl-C ends the wait for it', async () => {
    const { home, server } = await start('threads');
    const stop = new AbortController();
    const { context } = openSession(home, server, { stop: stop.signal });
    context.stdin = () => new Readable({ read() {} });
    setTimeout(() => stop.abort(), 20);
    const error = await failure(runLogin(context, 'threads', { browser: false }, { vendor: server.vendor }));
    expect(error.exitCode).toBe(130);
  });

  test('--redirect is what the app was registered with', async () => {
    const { home, server } = await start('linkedin');
    const { context, out } = openSession(home, server, { stdin: 'https://example.org/?code=a\n' });
    const options = { browser: false, redirect: 'https://example.org/after' };
    await failure(runLogin(context, 'linkedin', options, { vendor: server.vendor }));
    expect(out.stderr).toContain(`redirect_uri=${encodeURIComponent('https://example.org/after')}`);
  });
});

describe('a login with a code', () => {
  const device = { device: true } as Options;
  const DEVICE = {
    device_code: 'device-code-of-test',
    user_code: 'ABCD-EFGH',
    verification_url: 'https://www.google.com/device',
    interval: 5,
    expires_in: 1800,
  };

  test('waits until it was typed in, slower when told so', async () => {
    const { home, server } = await start('youtube');
    server.pending = ['authorization_pending', 'slow_down', 'authorization_pending'];
    const { context, out } = openSession(home, server);
    const pauses: number[] = [];
    const world = await context.httpWorld();
    context.httpWorld = () => Promise.resolve({ ...world, sleep: (ms) => (pauses.push(ms), Promise.resolve()) });
    expect(await runLogin(context, 'youtube', device, { vendor: server.vendor })).toBe(0);
    expect(pauses).toEqual([5000, 5000, 10_000, 10_000]);
    expect(out.stderr).toContain('Open https://www.google.com/device on any machine and type in: ABCD-EFGH');
    expect(out.stderr).toContain('no analytics this way');
    expect(readStored(home, 'youtube').refresh_token).toMatch(/^refresh-/);
    for (const secret of server.given) expect(out.stdout + out.stderr).not.toContain(secret);
  });

  test.each([
    ['that ended', ['authorization_pending', 'expired_token'], 'ended before it was typed in'],
    ['that was refused', ['access_denied'], 'the person said no'],
    ['nobody ever typed in', Array<string>(1000).fill('authorization_pending'), 'ended before it was typed in'],
  ])('%s is exit 4', async (_, pending, message) => {
    const { home, server } = await start('youtube');
    server.pending = pending;
    const error = await failure(
      runLogin(openSession(home, server).context, 'youtube', device, { vendor: server.vendor }),
    );
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(4);
    expect(server.requests.length).toBeLessThan(400);
  });

  test.each([
    [-1, 1000],
    [-1e300, 1000],
    [0, 5000],
    ['soon', 5000],
    [1e300, 60_000],
  ])('the vendor says to wait %s seconds between: %s ms', async (interval, pause) => {
    const { home, server } = await start('youtube');
    server.pending = ['authorization_pending', 'authorization_pending'];
    server.fault = ({ path }, response) =>
      path === '/device' && Boolean(response.end(JSON.stringify({ ...DEVICE, interval })));
    const { context } = openSession(home, server);
    const pauses: number[] = [];
    const world = await context.httpWorld();
    context.httpWorld = () => Promise.resolve({ ...world, sleep: (ms) => (pauses.push(ms), Promise.resolve()) });
    expect(await runLogin(context, 'youtube', device, { vendor: server.vendor })).toBe(0);
    expect(pauses).toEqual([pause, pause, pause]);
  });

  test('ends by the clock too: a machine that slept asks no more, and an hour is the most', async () => {
    const { home, server } = await start('youtube');
    server.pending = Array<string>(9000).fill('authorization_pending');
    server.fault = ({ path }, response) =>
      path === '/device' && Boolean(response.end(JSON.stringify({ ...DEVICE, expires_in: 1e300, interval: 60 })));
    const count = async (stepMs: number) => {
      const { context } = openSession(home, server);
      let at = NOW.getTime();
      const world = await context.httpWorld();
      const sleep = () => ((at += stepMs), Promise.resolve());
      context.httpWorld = () => Promise.resolve({ ...world, now: () => new Date(at), sleep });
      const before = server.requests.length;
      const error = await failure(runLogin(context, 'youtube', device, { vendor: server.vendor }));
      expect(error.message).toContain('ended before it was typed in');
      return server.requests.length - before - 1;
    };
    expect(await count(60_000)).toBe(60);
    expect(await count(8 * 3_600_000)).toBe(1);
    // Set back with every pause.
    expect(await count(-60_000)).toBe(60);
  });

  test('is broken off by Ctrl-C', async () => {
    const { home, server } = await start('youtube');
    server.pending = Array<string>(1000).fill('authorization_pending');
    const stop = new AbortController();
    const { context } = openSession(home, server, { stop: stop.signal });
    const world = await context.httpWorld();
    const sleep = createWorld(() => NOW).sleep;
    context.httpWorld = () => Promise.resolve({ ...world, sleep });
    setTimeout(() => stop.abort(), 50);
    const error = await failure(runLogin(context, 'youtube', device, { vendor: server.vendor }));
    expect(error).toMatchObject({ exitCode: 130, message: 'Broken off; nobody was logged in.' });
  });

  test('is for those who have it', async () => {
    const { home, server } = await start('x');
    const error = await failure(runLogin(openSession(home, server).context, 'x', device, { vendor: server.vendor }));
    expect(error).toMatchObject({ exitCode: 2, message: 'x has no login with --device.' });
  });
});

describe('on the command line', () => {
  const KEY = 'cAnArY-9f8e7d6c';

  test('a key that somebody has is kept in config.toml, and is in no output', async () => {
    const home = makeHome();
    const { code, stdout, stderr } = await runCli(['login', 'tiktok-scraper7', '--token'], { home, stdin: `${KEY}\n` });
    expect(code).toBe(0);
    expect(readFileSync(join(home, 'config.toml'), 'utf8')).toContain(`rapidapi_key = "${KEY}"`);
    expect(stdout + stderr).not.toContain(KEY);
    const out = await runCli(['logout', 'tiktok-scraper7'], { home });
    expect(out.stderr).toContain('smstats config unset credentials.rapidapi_key');
    expect(out.stdout + out.stderr).not.toContain(KEY);
  });

  test.each([
    [['login', 'tiktok-scraper7'], 2, 'smstats login tiktok-scraper7 --token'],
    [['login', 'tiktok-scraper7', '--token'], 2, 'Nothing came on stdin'],
    [['login', 'youtub'], 2, 'did you mean youtube?'],
    [['login', 'nobody'], 2, 'There is no provider "nobody"'],
    [['login', 'youtube'], 4, 'smstats config set credentials.youtube_client_id'],
    [['login', 'x', '--port', '0'], 2, '--port must be a whole number from 1'],
    [['login', 'threads', '--redirect', 'javascript:1'], 2, '--redirect must be an address'],
    [['login', 'youtube', '--device', '--port', '99'], 2, '--device has no use for --port'],
    [['login', 'sample'], 0, 'sample needs no key'],
    [['logout', 'youtube'], 0, 'nobody is logged in with youtube'],
    [['logout', 'yotube'], 2, 'did you mean youtube?'],
  ] as [string[], number, string][])('%s', async (argv, code, message) => {
    const result = await runCli(argv, { home: makeHome() });
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(code);
  });

  test('without a name it lists who can log in, who is and until when', async () => {
    const { home, server } = await start('x');
    const { context } = openSession(home, server);
    const parts = { vendor: server.vendor, openBrowser: openAndFollow() };
    await runLogin(context, 'x', { browser: true, port: FREE_PORT }, parts);
    writeFileSync(join(home, 'tokens', 'youtube.json'), 'not ours', { mode: 0o600 });
    const { code, stdout } = await runCli(['login', '--json'], { home });
    expect(code).toBe(0);
    const { data, warnings } = JSON.parse(stdout) as { data: { provider: string }[]; warnings: string[] };
    const find = (name: string) => data.find(({ provider }) => provider === name);
    expect(find('x')).toMatchObject({ is_logged_in: true, until: null, is_renewed: true });
    expect(find('threads')).toMatchObject({ is_logged_in: false, way: 'browser, the address is pasted; --token' });
    expect(find('tiktok-scraper7')).toMatchObject({ way: '--token', has_key: false });
    expect(warnings).toEqual([expect.stringContaining('youtube.json is broken.')]);
    for (const secret of server.given) expect(stdout).not.toContain(secret);
  });

  test('login is completed with the names of those who have one', async () => {
    const { stdout } = await runCli(['complete', '--', 'login', 'pint'], { home: makeHome() });
    expect(stdout).toBe('pinterest\n');
  });
});

describe('a logout', () => {
  async function logIn(name: string) {
    const { home, server } = await start(name);
    const { context } = openSession(home, server);
    const parts = { vendor: server.vendor, openBrowser: openAndFollow() };
    await runLogin(context, name, { browser: true, port: FREE_PORT }, parts);
    return { home, server, stored: readStored(home, name), seen: server.requests.length };
  }

  test.each([
    ['youtube', ['refresh_token']],
    ['x', ['refresh_token', 'access_token']],
    ['tiktok-display', ['access_token']],
  ] as const)('%s is told, and the file goes', async (name, kinds) => {
    const { home, server, stored, seen } = await logIn(name);
    const { context, out } = openSession(home, server);
    expect(await runLogout(context, name, server.vendor)).toBe(0);
    expect(readdirSync(join(home, 'tokens'))).toEqual([]);
    const told = server.requests.slice(seen);
    expect(told.map(({ path, form }) => [path, form['token']])).toEqual(kinds.map((kind) => ['/revoke', stored[kind]]));
    expect(told[0]?.form['client_key']).toBe(name === 'tiktok-display' ? APP.id : undefined);
    expect(told[0]?.authorization !== undefined).toBe(name === 'x');
    expect(out.stderr).toContain(`logged out of ${name}, here and there`);
  });

  test('a vendor without a way, or out of reach, is said and does not keep the file', async () => {
    const linkedin = await logIn('linkedin');
    const session = openSession(linkedin.home, linkedin.server);
    await runLogout(session.context, 'linkedin', linkedin.server.vendor);
    expect(session.out.stderr).toContain('linkedin names no way to end a login from here');
    expect(readdirSync(join(linkedin.home, 'tokens'))).toEqual([]);

    const { home, server } = await logIn('x');
    await server.close();
    const { context, out } = openSession(home, server);
    expect(await runLogout(context, 'x', server.vendor)).toBe(0);
    expect(out.stderr).toContain('there it may live on: x could not be reached (ECONNREFUSED)');
    expect(readdirSync(join(home, 'tokens'))).toEqual([]);
  });

  test('the secret of another app is not sent with its token', async () => {
    const { home, server, seen } = await logIn('tiktok-display');
    const session = openSession(home, server);
    session.context.env['TIKTOK_CLIENT_ID'] = 'the-app-of-this-year';
    await runLogout(session.context, 'tiktok-display', server.vendor);
    const [told] = server.requests.slice(seen);
    expect(told?.form['client_key']).toBe(APP.id);
    expect(told?.form).not.toHaveProperty('client_secret');
  });

  test('nothing that a broken-off write left stays, and the newest is ended', async () => {
    const { home, server, stored, seen } = await logIn('x');
    const newer = { ...stored, access_token: 'access-newer', refresh_token: 'refresh-newer' };
    const leave = (text: string, pid: number) =>
      writeFileSync(join(home, 'tokens', `x.json.${pid}.tmp`), text, { mode: 0o600 });
    leave(JSON.stringify({ ...newer, obtained_at: new Date(NOW.getTime() + 1000).toISOString() }), 1);
    leave('{"provider":"x","refresh_to', 2);
    await runLogout(openSession(home, server).context, 'x', server.vendor);
    expect(server.requests.slice(seen).map(({ form }) => form['token'])).toEqual(['refresh-newer', 'access-newer']);
    expect(readdirSync(join(home, 'tokens'))).toEqual([]);

    // Also where that is all there is.
    leave('{"provider":"x","refresh_to', 3);
    expect((await runCli(['logout', 'x'], { home })).code).toBe(0);
    expect(readdirSync(join(home, 'tokens'))).toEqual([]);
  });

  test('a file that others can read goes as well', async () => {
    const home = makeHome();
    mkdirSync(join(home, 'tokens'));
    writeFileSync(join(home, 'tokens', 'x.json'), '{}');
    chmodSync(join(home, 'tokens', 'x.json'), 0o644);
    const { code, stderr } = await runCli(['logout', 'x'], { home });
    expect(code).toBe(0);
    expect(stderr).toContain('the file is not readable');
    expect(existsSync(join(home, 'tokens', 'x.json'))).toBe(false);
  });
});

import { onTestFinished } from 'vitest';
import { createContext } from '../../src/context.ts';
import { createApp } from '../../src/server/app.ts';
import { createCheck, readReply } from '../helper/api.ts';
import { makeHome, NOW } from '../helper/run-cli.ts';

/** The routes over a database of their own, without a socket. The machine has no schedulers but a crontab. */
export async function openBoard() {
  let crontab = '';
  const home = makeHome();
  const machine = {
    platform: 'linux' as const,
    home,
    run: ([program = '']: readonly string[]) =>
      Promise.resolve({
        code: program.includes('crontab') && crontab !== '' ? 0 : 1,
        stdout: Buffer.from(crontab),
        stderr: program.includes('crontab') ? 'no crontab for user' : '',
        isMissing: !program.includes('crontab'),
      }),
  };
  const silent = { write: () => true };
  const never = new AbortController().signal;
  const context = createContext(
    {
      env: { SMSTATS_HOME: home, SMSTATS_TIMEZONE: 'UTC' },
      stdin: () => process.stdin,
      stdout: silent,
      stderr: silent,
      now: () => NOW,
      version: '0.0.0-test',
      running: { execPath: process.execPath, script: '', version: '', modules: '' },
      program: 'smstats',
      stop: never,
      abort: never,
      onSignals: () => {},
      machine,
    },
    {},
  );
  const store = await context.openStore({ create: true });
  onTestFinished(() => context.close());
  const app = createApp({ context, address: { host: '127.0.0.1', port: 8001 } }, { isOpen: true });
  const check = createCheck(await (await app.request('/openapi.json')).json());
  const send = async (path: string, body?: unknown) => {
    const request: RequestInit =
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: JSON_TYPE };
    const url = `/api/social-media/${path}`;
    const reply = await readReply(await app.request(url, request));
    check(request.method ?? 'GET', url.replace(/\?.*$/s, ''), reply);
    return { status: reply.status, body: reply.body as Reply };
  };
  const setCrontab = (text: string) => {
    crontab = text;
  };
  return { app, store, home, context, machine, setCrontab, send };
}

const JSON_TYPE = { 'content-type': 'application/json' };
// What a route answers is judged by its content.
// oxlint-disable-next-line typescript/no-explicit-any
type Reply = { success: boolean; data?: any; message?: string; error?: string };

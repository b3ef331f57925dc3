import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { renderLetter, sendMail, type Letter } from '../../src/send/email.ts';
import { isMailAddress, type MailServer } from '../../src/send/mail-server.ts';
import { sendMessage } from '../../src/send/send.ts';
import { CERT, createSendWorld, KEY, MESSAGE, openTcp } from './receiver.ts';

interface Mailed {
  from: string;
  to: string[];
  text: string;
  isSecure: boolean;
}

const PASSWORD = 'canary-password';
const WORLD = createSendWorld({ ca: CERT });
const LETTER: Letter = { to: ['anna@example.org'], subject: 'Hello', text: 'How are you?\n.\n', messageId: '42' };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A mail server on this machine that knows one password. */
async function openMail(options: SMTPServerOptions = {}) {
  const mails: Mailed[] = [];
  const logins: { user: string | undefined; isSecure: boolean }[] = [];
  const server = new SMTPServer({
    key: KEY,
    cert: CERT,
    authOptional: true,
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: (auth, session, done) => {
      logins.push({ user: auth.username, isSecure: session.secure });
      if (auth.password === PASSWORD) done(null, { user: auth.username });
      else done(Object.assign(new Error(`no ${auth.password}`), { responseCode: 535 }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          isSecure: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  return { port, mails, logins };
}

const serverAt = (port: number, parts: Partial<MailServer> = {}): MailServer => ({
  host: 'localhost',
  port,
  security: 'starttls',
  login: { user: 'anna', password: PASSWORD },
  from: 'stats@example.org',
  ...parts,
});
const refuse = (responseCode: number, text = 'no') => Object.assign(new Error(text), { responseCode });

describe('a mail arrives', () => {
  test.each([
    ['tls', { secure: true }, true],
    ['starttls', {}, true],
    ['none', {}, false],
  ] as const)('over %s', async (security, options, isSecure) => {
    const { port, mails, logins } = await openMail(options);
    expect(await sendMail(WORLD, serverAt(port, { security }), LETTER)).toEqual({ isSent: true });
    expect(logins).toEqual([{ user: 'anna', isSecure }]);
    expect(mails).toMatchObject([{ from: 'stats@example.org', to: ['anna@example.org'], isSecure }]);
    expect(mails[0]?.text).toContain('Message-ID: <smstats.42@example.org>');
    expect(mails[0]?.text).toContain('Date: Sun, 22 Nov 2026 12:00:00 +0000');
    expect(mails[0]?.text).toContain('Auto-Submitted: auto-generated');
    expect(mails[0]?.text).toMatch(/\r\n\r\nHow are you\?\r\n\.\r\n$/);
  });

  test('at an address without a name', async () => {
    const { port, mails } = await openMail();
    const lookUp = async () => expect.fail('an address is not looked up');
    expect(await sendMail({ ...WORLD, lookUp }, serverAt(port, { host: '127.0.0.1' }), LETTER)).toEqual({
      isSent: true,
    });
    expect(mails).toMatchObject([{ isSecure: true }]);
  });

  test('under the same Message-ID at every try', async () => {
    const { port, mails } = await openMail();
    for (const day of ['2026-11-22', '2026-11-23'])
      await sendMail({ ...WORLD, now: () => new Date(day) }, serverAt(port), LETTER);
    await sendMail(WORLD, serverAt(port), { ...LETTER, messageId: '43' });
    const ids = mails.map(({ text }) => /^Message-ID: (.*)$/m.exec(text)?.[1]);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test('with HTML and a file', async () => {
    const { port, mails } = await openMail();
    const attachments = [
      { filename: '../week "1"\r\nX-Evil: 1.csv', content: 'a,b', contentType: 'text/csv\r\nX-Evil: 1' },
    ];
    expect(await sendMail(WORLD, serverAt(port), { ...LETTER, html: '<p>Hi</p>', attachments })).toEqual({
      isSent: true,
    });
    const text = mails[0]?.text ?? '';
    expect(text).toContain('multipart/alternative');
    expect(text).toContain('application/octet-stream');
    expect(text).toContain(Buffer.from('a,b').toString('base64'));
    expect(text).not.toMatch(/^X-Evil/im);
  });

  test('for an event, with what is known of it', async () => {
    const { port, mails } = await openMail();
    const to = ['anna@example.org', 'bert@example.org'];
    const channel = { type: 'email', name: 'us', to, server: serverAt(port) } as const;
    expect(await sendMessage(WORLD, channel, MESSAGE)).toEqual({ isSent: true });
    expect(mails[0]?.to).toEqual(to);
    expect(mails[0]?.text).toContain(`Subject: ${MESSAGE.title}`);
    expect(renderLetter(MESSAGE, to).text).toBe(
      [
        MESSAGE.title,
        '',
        'Account: tiktok:anna',
        'Day: 2026-11-21',
        'Expected: 120 to 340',
        'Observed: 12',
        '',
        'What may explain it:',
        '- the provider changed',
        '',
        'https://www.tiktok.com/@anna',
        '',
      ].join('\n'),
    );
  });
});

describe('nothing gets into a header', () => {
  const EVIL = [
    'x\r\nBcc: evil@example.com',
    'x\nBcc: evil@example.com',
    'x\rBcc: evil@example.com',
    'x\r\n\r\nbody',
    'x\u2028Bcc: evil@example.com',
    'x\u0085Bcc: evil@example.com',
    'x\0Bcc: evil@example.com',
    '=?utf-8?Q?x=0D=0ABcc:_evil@example.com?=',
    `${'x '.repeat(600)}\r\nBcc: evil@example.com`,
    '🎉\r\n'.repeat(100),
  ];

  test.each(EVIL)('by a title: %j', async (subject) => {
    const { port, mails } = await openMail();
    const message = { ...MESSAGE, title: subject, id: subject, account: { platform: subject, username: subject } };
    const channel = { type: 'email', name: 'us', to: ['anna@example.org'], server: serverAt(port) } as const;
    expect(await sendMessage(WORLD, channel, message)).toEqual({ isSent: true });
    const [head = ''] = mails[0]?.text.split('\r\n\r\n') ?? [];
    const names = [...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(
      [
        'Auto-Submitted',
        'Content-Transfer-Encoding',
        'Content-Type',
        'Date',
        'From',
        'MIME-Version',
        'Message-ID',
        'Subject',
        'To',
      ].toSorted(),
    );
    expect(mails[0]?.to).toEqual(['anna@example.org']);
  });

  test.each([
    'a@b.c\r\nBcc: evil@example.com',
    'a@b.c, evil@example.com',
    'a@b.c;evil@example.com',
    '<evil@example.com>',
    '"x" <evil@example.com>',
    'group: evil@example.com;',
    'a@b.c> SIZE=1\r\nRCPT TO:<evil@example.com',
    'a b@c.d',
    'a@b.c\u0000',
    'a@b@c.d',
    'a\u202e@b.c',
    '',
    `${'a'.repeat(320)}@b.c`,
  ])('by an address: %j', async (address) => {
    const { port, mails } = await openMail();
    expect(isMailAddress(address)).toBe(false);
    for (const result of [
      await sendMail(WORLD, serverAt(port), { ...LETTER, to: ['anna@example.org', address] }),
      await sendMail(WORLD, serverAt(port, { from: address }), LETTER),
    ])
      expect(result).toMatchObject({ isSent: false, isWorthRetrying: false });
    expect(mails).toEqual([]);
  });

  test('nor is a mail to nobody tried', async () => {
    expect(await sendMail(WORLD, serverAt(1), { ...LETTER, to: [] })).toMatchObject({ isWorthRetrying: false });
  });
});

describe('a password', () => {
  test('does not leave the machine in plain text', async () => {
    const { port, mails, logins } = await openMail();
    // It is known under an address of the network too, which this test cannot listen on.
    const elsewhere = { ...WORLD, lookUp: async () => ['127.0.0.1', '192.0.2.1'] };
    expect(await sendMail(elsewhere, serverAt(port, { security: 'none' }), LETTER)).toEqual({ isSent: true });
    expect([logins, mails.length]).toEqual([[], 1]);
  });

  test('is not given to a server that nobody vouches for', async () => {
    for (const [security, options] of [
      ['tls', { secure: true }],
      ['starttls', {}],
    ] as const) {
      const { port, mails, logins } = await openMail(options);
      const result = await sendMail(createSendWorld(), serverAt(port, { security }), LETTER);
      expect(result).toMatchObject({ isSent: false, isWorthRetrying: true });
      expect(result).toMatchObject({ message: expect.stringContaining('certificate') });
      expect([logins, mails]).toEqual([[], []]);
    }
  });

  test('nor to one of another name', async () => {
    const { port, logins } = await openMail();
    const result = await sendMail(WORLD, serverAt(port, { host: 'mail.example.org' }), LETTER);
    expect(result).toMatchObject({ isSent: false, message: expect.stringContaining('certificate') });
    expect(logins).toEqual([]);
  });

  test('nor where STARTTLS was taken away', async () => {
    for (const options of [
      { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] },
      { disabledCommands: ['STARTTLS'] },
    ]) {
      const { port, mails, logins } = await openMail(options);
      const result = await sendMail(WORLD, serverAt(port), LETTER);
      expect(result).toMatchObject({ isSent: false, isWorthRetrying: false });
      expect(result).toMatchObject({ message: expect.stringContaining('offers no STARTTLS') });
      expect([logins, mails]).toEqual([[], []]);
    }
  });

  test('that is wrong is not tried again, nor told', async () => {
    const { port, mails } = await openMail();
    const login = { user: 'anna', password: 'wrong-canary' };
    const result = await sendMail(WORLD, serverAt(port, { login }), LETTER);
    expect(result).toMatchObject({ isSent: false, isWorthRetrying: false });
    expect(result).toMatchObject({
      message: expect.stringMatching(/refused the login \(535 no \*\*\*\): check mail\.user/),
    });
    expect(JSON.stringify(result)).not.toContain('canary');
    expect(mails).toEqual([]);
  });

  test('that cannot be checked now is tried again', async () => {
    const { port } = await openMail({ onAuth: (_auth, _session, done) => done(refuse(454, 'later')) });
    expect(await sendMail(WORLD, serverAt(port), LETTER)).toMatchObject({ isSent: false, isWorthRetrying: true });
  });

  test('that is asked for and not known is told of', async () => {
    const { port } = await openMail({ authOptional: false });
    const result = await sendMail(WORLD, serverAt(port, { login: undefined }), LETTER);
    expect(result).toMatchObject({ isWorthRetrying: false, message: expect.stringContaining('asks for a login') });
  });
});

describe('what a refusal means', () => {
  const to = ['anna@example.org', 'bert@example.org'];
  const refusing = (code: number, who = /./): SMTPServerOptions => ({
    onRcptTo: ({ address }, _session, done) => (who.test(address) ? done(refuse(code, `no ${PASSWORD}`)) : done()),
  });

  test.each([
    [550, false],
    [552, false],
    [450, true],
    [451, true],
  ])('a recipient with %i', async (code, isWorthRetrying) => {
    const { port, mails } = await openMail(refusing(code));
    const result = await sendMail(WORLD, serverAt(port), LETTER);
    expect(result).toMatchObject({
      isSent: false,
      isWorthRetrying,
      message: expect.stringContaining(`(${code} no ***)`),
    });
    expect(mails).toEqual([]);
  });

  test.each([
    [550, false],
    [450, true],
  ])('one of two with %i', async (code, isWorthRetrying) => {
    const { port, mails } = await openMail(refusing(code, /bert/));
    const result = await sendMail(WORLD, serverAt(port), { ...LETTER, to });
    expect(result).toMatchObject({ isSent: false, isWorthRetrying });
    expect(result).toMatchObject({ message: expect.stringContaining('refused 1 of 2 addresses') });
    expect(JSON.stringify(result)).not.toContain('canary');
    expect(mails).toHaveLength(1);
  });

  test.each([
    [554, false],
    [452, true],
  ])('the mail with %i', async (code, isWorthRetrying) => {
    const { port } = await openMail({
      onData: (stream, _session, done) => void stream.resume().on('end', () => done(refuse(code, 'x'.repeat(400)))),
    });
    const result = await sendMail(WORLD, serverAt(port), LETTER);
    expect(result).toMatchObject({ isSent: false, isWorthRetrying });
    expect(JSON.stringify(result).length).toBeLessThan(400);
  });

  test.each([
    [421, true],
    [554, false],
  ])('the talk with %i', async (code, isWorthRetrying) => {
    const { port } = await openMail({ onConnect: (_session, done) => done(refuse(code)) });
    expect(await sendMail(WORLD, serverAt(port), LETTER)).toMatchObject({ isSent: false, isWorthRetrying });
  });

  test('a sender with 553', async () => {
    const { port } = await openMail({ onMailFrom: (_address, _session, done) => done(refuse(553)) });
    expect(await sendMail(WORLD, serverAt(port), LETTER)).toMatchObject({ isSent: false, isWorthRetrying: false });
  });
});

describe('a server that misbehaves', () => {
  const IN_TIME = { ...WORLD, timeoutMs: 400 };
  const tried = async (port: number, parts: Partial<MailServer> = {}) => {
    const began = performance.now();
    const result = await sendMail(IN_TIME, serverAt(port, parts), LETTER);
    expect(performance.now() - began).toBeLessThan(1500);
    expect(result).toMatchObject({ isSent: false, isWorthRetrying: true });
    return result;
  };

  test.each(['tls', 'starttls', 'none'] as const)('says nothing, over %s', async (security) => {
    const server = await openTcp(() => {});
    open.push(server);
    await tried(server.port, { security });
  });

  test.each([
    ['drips', (write: (text: string) => void) => setInterval(() => write('2'), 20)],
    ['talks without end', (write: (text: string) => void) => setInterval(() => write('220-x\r\n'), 5)],
  ])('%s', async (_, begin) => {
    const server = await openTcp((socket) => {
      const timer = begin((text) => socket.write(text));
      socket.on('close', () => clearInterval(timer));
      socket.on('error', () => {});
    });
    open.push(server);
    await tried(server.port);
  });

  test('hangs up', async () => {
    for (const security of ['tls', 'starttls', 'none'] as const) {
      const server = await openTcp((socket) => socket.resetAndDestroy());
      open.push(server);
      await tried(server.port, { security });
    }
  });

  test('hangs after the mail is said', async () => {
    const { port } = await openMail({ onData: (stream) => void stream.resume() });
    expect(await tried(port)).toMatchObject({ message: 'no answer within 0.4 s' });
  });

  test('is not there', async () => {
    const server = await openTcp(() => {});
    await server.close();
    expect(await tried(server.port)).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
  });

  test('has a name that nobody knows', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'ENOTFOUND' });
    const result = await sendMail({ ...IN_TIME, lookUp: () => Promise.reject(gone) }, serverAt(1), LETTER);
    expect(result).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('cannot be found') });
  });

  test('is given up when the run ends', async () => {
    const server = await openTcp(() => {});
    open.push(server);
    const result = await sendMail({ ...IN_TIME, signal: AbortSignal.timeout(50) }, serverAt(server.port), LETTER);
    expect(result).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('run was ended') });
  });
});

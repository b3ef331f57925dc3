// https://nodemailer.com/smtp/
import { BlockList, connect, isIP, type Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import { createRedactor } from '../core/redact.ts';
import { safeText } from '../core/text.ts';
import { withDeadline } from './deadline.ts';
import { quote } from './quote.ts';
import { answerWith, findAddresses } from './find-address.ts';
import { fit } from './fit.ts';
import { messageKey } from './key.ts';
import { webLink } from '../core/web-link.ts';
import { isMailAddress, type MailServer } from './mail-server.ts';
import type { Message, SendResult } from './message.ts';
import { explainNetwork, notSent, NotSentError } from './not-sent.ts';
import type { SendWorld } from './world.ts';

/** A mail to be sent. */
export interface Letter {
  /** Addresses without names. */
  to: readonly string[];
  subject: string;
  text: string;
  html?: string;
  attachments?: readonly { filename: string; content: string | Uint8Array; contentType: string }[];
  /** The id of what it tells, of which its Message-ID is made: the same at every try. */
  messageId: string;
}

const TIMEOUT_MS = 30_000;
const LONGEST_SUBJECT = 200;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Sends a mail over the user's own server, which may stand anywhere. Without TLS, no password leaves the machine.
 * Never throws for what the server does.
 */
export async function sendMail(world: SendWorld, server: MailServer, letter: Letter): Promise<SendResult> {
  const wrong = [server.from, ...letter.to].find((address) => !isMailAddress(address));
  if (wrong !== undefined || letter.to.length === 0) return notSent('an address is not a mail address', false);
  try {
    return await withDeadline(world, TIMEOUT_MS, (signal) => talk(world, server, letter, signal));
  } catch (error) {
    if (error instanceof NotSentError) return notSent(error.message, error.isWorthRetrying);
    return judgeMailError(error as MailError, server);
  }
}

async function talk(world: SendWorld, server: MailServer, letter: Letter, signal: AbortSignal): Promise<SendResult> {
  const { host, port, security } = server;
  const addresses = await findAddresses(world, host);
  const isInside = addresses.every((address) => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));
  const mayLogIn = security !== 'none' || isInside;
  signal.throwIfAborted();
  // Connected here: the library would look the name up once more, and past the machine's own table of hosts.
  const socket = await open(host, port, addresses, signal);
  try {
    const limit = world.timeoutMs ?? TIMEOUT_MS;
    const transport = createTransport({
      host,
      port,
      connection: socket,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(mayLogIn && server.login && { auth: { user: server.login.user, pass: server.login.password } }),
      tls: { rejectUnauthorized: true, ...(world.ca !== undefined && { ca: world.ca }) },
      connectionTimeout: limit,
      greetingTimeout: limit,
      socketTimeout: limit,
    });
    const done = await transport.sendMail({ ...compose(server, letter, world.now()), signal });
    return judgeRefusals(done.rejectedErrors ?? [], letter.to.length, server);
  } finally {
    // The library says goodbye politely; a server that does not answer is not waited for.
    if (signal.aborted) socket.destroy();
  }
}

function open(host: string, port: number, addresses: readonly string[], signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: answerWith(addresses), autoSelectFamily: true });
    socket.on('error', (error) => {
      reject(new NotSentError(`the mail server was not reached: ${explainNetwork(error)}`, true));
    });
    socket.once('connect', () => resolve(socket));
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}

/** A letter as the library takes it: what is not named here, such as a file to be read, cannot get in. */
function compose({ from }: MailServer, letter: Letter, now: Date) {
  const domain = domainToASCII(from.slice(from.lastIndexOf('@') + 1)) || 'localhost';
  return {
    from: { name: 'smstats', address: from },
    to: letter.to.map((address) => ({ name: '', address })),
    envelope: { from, to: [...letter.to] },
    subject: fit(letter.subject, LONGEST_SUBJECT),
    text: letter.text,
    ...(letter.html !== undefined && { html: letter.html }),
    attachments: (letter.attachments ?? []).map(({ filename, content, contentType }) => ({
      filename: safeText(filename).replaceAll(/[/\\]/g, '_'),
      content: typeof content === 'string' ? content : Buffer.from(content),
      contentType: /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(contentType)
        ? contentType
        : 'application/octet-stream',
    })),
    messageId: `<smstats.${messageKey(letter.messageId)}@${domain}>`,
    date: now,
    // https://www.rfc-editor.org/rfc/rfc3834: so that nobody's holiday answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** What the library says of a failure. */
interface MailError extends Error {
  code?: string | undefined;
  originalCode?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
}

/**
 * A mail that some got and some did not is sent again only when those others may get it yet: who got it before knows it
 * by its Message-ID, and to be told twice is better than never.
 */
function judgeRefusals(refusals: readonly MailError[], asked: number, server: MailServer): SendResult {
  if (refusals.length === 0) return { isSent: true };
  const isWorthRetrying = refusals.some(({ responseCode = 0 }) => responseCode < 500);
  const said = quoteServer(refusals.at(-1)?.response, server);
  return notSent(`the mail server refused ${refusals.length} of ${asked} addresses${said}`, isWorthRetrying);
}

function judgeMailError(error: MailError, server: MailServer): SendResult {
  const { code, responseCode } = error;
  const said = quoteServer(error.response, server);
  const isWorthRetrying = responseCode === undefined ? code !== 'EAUTH' : responseCode < 500;
  if (code === 'EAUTH') {
    const hint = isWorthRetrying ? '' : ': check mail.user, and smstats config set credentials.smtp_password';
    return notSent(`the mail server refused the login${said}${hint}`, isWorthRetrying);
  }
  const isAboutTls = code === 'ETLS' || (server.security === 'starttls' && error.message.includes('STARTTLS'));
  if (isAboutTls && responseCode !== undefined) {
    const hint = ': smstats config set mail.security tls, or none for a relay in the house';
    return notSent(`the mail server offers no STARTTLS, and nothing is sent without${said}${hint}`, isWorthRetrying);
  }
  if (responseCode === 530) {
    const hint = server.login ? 'a password is sent over TLS only' : 'smstats config set mail.user';
    return notSent(`the mail server asks for a login${said}: ${hint}`, false);
  }
  if (responseCode !== undefined) return notSent(`the mail server refused the mail${said}`, isWorthRetrying);
  const reason = explainNetwork({ code: error.originalCode ?? code });
  return notSent(`the talk with the mail server broke off: ${reason}`, isWorthRetrying);
}

function quoteServer(response: string | undefined, { login }: MailServer): string {
  return quote(response ?? '', createRedactor(login ? [login.password] : []));
}

/** A message as the text of a mail. */
export function renderLetter(message: Message, to: readonly string[]): Letter {
  const { id, title, account, day, facts, doubts } = message;
  const link = webLink(message.url);
  const lines = [
    title,
    '',
    ...(account ? [`Account: ${account.platform}:${account.username}`] : []),
    `Day: ${day}`,
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    ...(doubts.length > 0 ? ['', 'What may explain it:', ...doubts.map((doubt) => `- ${doubt}`)] : []),
    ...(link === null ? [] : ['', link]),
  ];
  return { to, subject: title, text: `${lines.map(safeText).join('\n')}\n`, messageId: id };
}

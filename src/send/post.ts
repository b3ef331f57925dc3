import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isPublicAddress } from '../core/public-address.ts';
import { readRetryAfter } from '../core/retry-after.ts';
import { withDeadline } from './deadline.ts';
import { answerWith, findAddresses } from './find-address.ts';
import { explainNetwork, NotSentError } from './not-sent.ts';
import type { SendWorld } from './world.ts';

/** What is posted, and where. */
export interface Post {
  url: URL;
  /** Whether it may lie inside the machine or its network. Only there, plain HTTP is spoken. */
  allowPrivate: boolean;
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body: string;
}

/** What came back. */
export interface PostReply {
  status: number;
  /** How long it said to wait. */
  waitMs: number | undefined;
  /** Undefined when it was too long, too slow or cut off: a status says what is to be known. */
  text: string | undefined;
}

const TIMEOUT_MS = 10_000;
const LONGEST_REPLY = 64 * 1024;

/**
 * Posts once, over a connection of its own to an address that was judged. Neither redirects nor proxies are followed.
 * @throws NotSentError when the address is refused, or nothing that is HTTP came back in time.
 */
export async function post(world: SendWorld, message: Post): Promise<PostReply> {
  return withDeadline(world, TIMEOUT_MS, async (signal) => {
    const addresses = await findAddresses(world, message.url.hostname);
    refuseAddresses(message, addresses);
    signal.throwIfAborted();
    const response = await send(world, message, addresses, signal);
    const text = await readText(response, (world.timeoutMs ?? TIMEOUT_MS) / 5);
    return { status: response.statusCode ?? 0, waitMs: parseRetryAfter(response.headers, world.now()), text };
  });
}

function refuseAddresses({ url, allowPrivate }: Post, addresses: readonly string[]): void {
  if (!allowPrivate && !addresses.every(isPublicAddress)) {
    throw new NotSentError('the receiver stands inside this machine or its network, which is not allowed', false);
  }
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:' && !addresses.some(isPublicAddress))) {
    throw new NotSentError('the receiver stands outside this network, and only https goes there', false);
  }
}

function send(
  { ca }: SendWorld,
  { url, headers, body }: Post,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options = {
    method: 'POST',
    // A connection that was opened for another host, or that a proxy of the environment is asked for, is none of ours.
    agent: false,
    lookup: answerWith(addresses),
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'smstats',
      ...headers,
    },
    // Said aloud, for the environment can turn it off.
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
    request.on('response', resolve);
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new NotSentError('the receiver did not answer the message', true));
    });
    request.on('error', (error) =>
      reject(new NotSentError(`the receiver was not reached: ${explainNetwork(error)}`, true)),
    );
    request.end(body);
  });
}

/** Reads a reply to its end, or as far as patience goes: it has said by its status whether it took the message. */
function readText(response: IncomingMessage, patienceMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (text?: string) => {
      clearTimeout(timer);
      resolve(text);
      response.destroy();
    };
    const timer = setTimeout(finish, patienceMs);
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_REPLY) finish();
    });
    response.on('end', () => finish(Buffer.concat(chunks).toString()));
    response.on('close', () => finish());
    response.on('error', () => finish());
  });
}

/** How long a receiver asks to wait, in milliseconds, if it says so. */
export function parseRetryAfter(headers: IncomingHttpHeaders, now: Date): number | undefined {
  return readRetryAfter(headers['retry-after'], headers.date, now);
}

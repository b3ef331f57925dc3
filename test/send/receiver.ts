import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Message } from '../../src/send/message.ts';
import type { SendWorld } from '../../src/send/world.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../fixture/tls', name), 'utf8');
/** Vouches for itself as localhost and 127.0.0.1. */
export const CERT = read('self-signed-cert.pem');
export const KEY = read('self-signed-key.pem');

export const NOW = new Date('2026-11-22T12:00:00.900Z');

export const MESSAGE: Message = {
  id: '42',
  type: 'alert.growth-drop',
  title: 'tiktok:anna gained 12 followers, fewer than expected',
  account: { platform: 'tiktok', username: 'anna' },
  day: '2026-11-21',
  facts: [
    { label: 'Expected', value: '120 to 340' },
    { label: 'Observed', value: '12' },
  ],
  doubts: ['the provider changed'],
  url: 'https://www.tiktok.com/@anna',
  firedAt: new Date('2026-11-22T03:00:00Z'),
  values: { observed: 12, expected_low: 120, known: null },
};

/** A world whose names all lead to this machine. */
export function createSendWorld(parts: Partial<SendWorld> = {}): SendWorld {
  return { now: () => NOW, lookUp: async () => ['127.0.0.1'], timeoutMs: 2000, ...parts };
}

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  port: number;
  received: Received[];
  /** How many connections were opened, whether or not anything was said. */
  connections: () => number;
  close(): Promise<void>;
}

async function listen(server: Server, host?: string): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

/** Listens on all addresses of this machine and answers as told. */
export async function openReceiver(
  answer: (response: ServerResponse, request: Received) => void = (response) => response.writeHead(204).end(),
  isTls = false,
): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      answer(response, one);
    });
  };
  const server = isTls ? createTlsServer({ key: KEY, cert: CERT }, handle) : createServer(handle);
  server.on('connection', () => connections++);
  const close = await listen(server);
  return { port: (server.address() as AddressInfo).port, received, connections: () => connections, close };
}

/** Listens and does as told with each connection, in whatever protocol. */
export async function openTcp(handle: (socket: Socket) => void): Promise<{ port: number; close(): Promise<void> }> {
  const server = createTcpServer(handle);
  const close = await listen(server, '127.0.0.1');
  return { port: (server.address() as AddressInfo).port, close };
}

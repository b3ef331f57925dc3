import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { RecordedReply } from '../provider/recording.ts';

export interface ReplayServer {
  url: string;
  /** Each request as it came, `GET /path?query`. */
  requests: string[];
  /** @throws Error naming requests that were not recorded, and replies that nobody asked for. */
  verify(): void;
  close(): Promise<void>;
}

/** Starts a real HTTP server on loopback that answers as recorded: each reply once, in its order. */
export async function startReplayServer(replies: readonly RecordedReply[]): Promise<ReplayServer> {
  const left = [...replies];
  const unforeseen: string[] = [];
  const server: ReplayServer = {
    url: '',
    requests: [],
    verify() {
      const problems = [
        ...unforeseen.map((request) => `not recorded: ${request}`),
        ...left.map((reply) => `not asked for: ${reply.method ?? 'GET'} ${reply.path} ${JSON.stringify(reply.query)}`),
      ];
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
    close: () => new Promise((resolve) => (http.close(() => resolve()), http.closeAllConnections())),
  };
  const http = createServer(async (incoming, response) => {
    const sent = await readText(incoming);
    const request = `${incoming.method} ${incoming.url}`;
    server.requests.push(request);
    const at = left.findIndex((reply) => matches(reply, incoming, sent));
    const [reply] = at < 0 ? [] : left.splice(at, 1);
    if (!reply) {
      unforeseen.push(request);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"not recorded"}');
      return;
    }
    const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(body);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return server;
}

function matches(reply: RecordedReply, { method, url }: IncomingMessage, sent: string): boolean {
  const { pathname, searchParams } = new URL(url ?? '/', 'http://localhost');
  return (
    (reply.method ?? 'GET') === method &&
    [pathname, decodeURIComponent(pathname)].includes(reply.path) &&
    Object.entries(reply.query ?? {}).every(([name, value]) => searchParams.get(name) === value) &&
    (reply.sent === undefined || isDeepStrictEqual(JSON.parse(sent), reply.sent))
  );
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text;
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** What a receiver took. */
export interface ReceivedMessage {
  id: string;
  /** The body, after its signature was verified. */
  body: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** How a receiver answers a request: with a status, or not at all. */
export type Answer = { status: number; headers?: Record<string, string>; delayMs?: number } | 'hang up';

export interface WebhookServer {
  url: string;
  secret: string;
  /** What was taken with a 2xx, repeats included, in order. */
  taken: ReceivedMessage[];
  /** Requests, also those that were refused. */
  requests: number;
  /** Requests whose signature was wrong. */
  forged: number;
  close(): Promise<void>;
}

/** Starts a receiver on loopback that verifies what it gets, as the specification asks of receivers. */
export async function startWebhookServer(
  answer: (id: string, count: number) => Answer = () => ({ status: 204 }),
): Promise<WebhookServer> {
  const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ....').toString('base64')}`;
  const webhook = new Webhook(secret);
  const state: WebhookServer = { url: '', secret, taken: [], requests: 0, forged: 0, close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    void (async () => {
      state.requests++;
      const text = await readText(request);
      const id = String(request.headers['webhook-id']);
      // Not `verify`, which wants the time of this machine: the programs of tests have clocks of their own.
      const sentAt = new Date(Number(request.headers['webhook-timestamp']) * 1000);
      if (Number.isNaN(sentAt.getTime()) || webhook.sign(id, sentAt, text) !== request.headers['webhook-signature']) {
        state.forged++;
        response.writeHead(401).end();
        return;
      }
      const body = JSON.parse(text) as ReceivedMessage['body'];
      const reply = answer(id, state.requests);
      if (reply === 'hang up') {
        request.socket.destroy();
        return;
      }
      // Taken before it is answered: whoever is killed while it waits has sent it all the same.
      if (reply.status < 300) state.taken.push({ id, body });
      if (reply.delayMs) await new Promise((resolve) => setTimeout(resolve, reply.delayMs));
      response.writeHead(reply.status, reply.headers).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/of-nobody`;
  state.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return state;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

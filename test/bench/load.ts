import { Agent, request } from 'node:http';

/** A request of a load. */
export interface Shot {
  url: string;
  /** Posted as JSON; without it the request is a GET. */
  body?: string;
}

/** What a load brought. */
export interface Load {
  perSecond: number;
  /** Milliseconds: half of the requests, 99 of 100, and all took at most so long. */
  p50: number;
  p99: number;
  longest: number;
  /** How many ended with each status; 0 is none at all. */
  statuses: Map<number, number>;
}

/** Sends requests over connections that stay open, each as soon as its connection is free. */
export async function fire(shots: readonly Shot[], connections: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let shot = shots[next++]; shot; shot = shots[next++]) {
        const sent = performance.now();
        const status = await send(shot, agent);
        times.push(performance.now() - sent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }),
  );
  const elapsed = performance.now() - start;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { perSecond: (shots.length / elapsed) * 1000, p50: at(0.5), p99: at(0.99), longest: at(1), statuses };
}

function send({ url, body }: Shot, agent: Agent): Promise<number> {
  const headers =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((done) => {
    const outgoing = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers }, (incoming) => {
      incoming.resume();
      incoming.on('end', () => done(incoming.statusCode ?? 0));
      incoming.on('error', () => done(0));
    });
    outgoing.on('error', () => done(0));
    outgoing.end(body);
  });
}

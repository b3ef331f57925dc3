import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';

// A server that has its answer already: `node hono-process.ts`. Takes the body from its parent, and says where it is.
process.once('message', (body: string) => {
  const app = new Hono();
  app.get('/', (c) => c.body(body, 200, { 'content-type': 'application/json' }));
  const server = createServer(getRequestListener(app.fetch));
  server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
});
process.on('disconnect', () => process.exit(0));

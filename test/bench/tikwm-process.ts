import { setTimeout as delay } from 'node:timers/promises';
import { makeAccount, startTikwmServer, type TikwmAccount } from '../helper/tikwm-server.ts';

// The server in a process of its own: `node tikwm-process.ts <accounts> <posts> <latency ms>`. Sends its URL to the parent.
const [accounts = 0, posts = 0, latencyMs = 0] = process.argv.slice(2).map(Number);
const known: Record<string, TikwmAccount> = {};
for (let id = 1; id <= accounts; id++) known[`user${id}`] = makeAccount(posts, id);
const server = await startTikwmServer(known);
server.fault = async () => {
  server.requests.length = 0;
  if (latencyMs > 0) await delay(latencyMs);
  return false;
};
process.send?.(server.url);
process.on('disconnect', () => process.exit(0));

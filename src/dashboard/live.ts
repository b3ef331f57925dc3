import { format } from './format.ts';
import type { Navigator } from './navigate.ts';
import type { Shell } from './shell.ts';

/** Several accounts that arrive within this many ms are one refresh. */
const GATHER = 400;
/** How soon a refresh that had to wait is tried again, in ms. */
const AGAIN = 3000;
/** How soon a stream that the server closed is asked for again, in ms. */
const RECONNECT = 10_000;

/** Listens to the server and shows new numbers when they are there. */
export function listen(shell: Shell, navigator: Navigator): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;

  function refreshIn(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), delay);
  }

  async function refresh(): Promise<void> {
    try {
      if (!(await navigator.refresh())) return refreshIn(AGAIN);
      shell.announce('The numbers were updated.');
      shell.showState('live', `Updated ${timeOfDay()}`);
    } catch {
      shell.showState('waiting', 'Not updated: the server does not answer');
    }
  }

  function connect(): void {
    const source = new EventSource('/api/social-media/events');
    source.addEventListener('open', () => {
      shell.showState('live', 'Live');
      if (wasLost) refreshIn(0);
      wasLost = false;
    });
    source.addEventListener('data-changed', () => refreshIn(GATHER));
    source.addEventListener('error', () => {
      wasLost = true;
      shell.showState('waiting', 'No connection to the server');
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT);
    });
  }

  connect();
}

function timeOfDay(): string {
  return format.time(new Date());
}

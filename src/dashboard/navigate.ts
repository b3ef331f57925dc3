import { ApiError, NO_REPLY } from './api.ts';
import { h } from './dom.ts';
import { parseRoute, type Route } from './router.ts';
import type { Shell } from './shell.ts';
import { empty, failure, loading, viewHeader, type View } from './view.ts';
import { VIEWS } from './views.ts';

/** How long the view before stays while the next one is on its way, in ms: most are here sooner. */
const PATIENCE = 200;
/** The same for another period or filter of one view. */
const LONG = 2000;

/** Shows the views that the address names. */
export interface Navigator {
  /** Shows the view of the address from its top, with the focus on its heading. */
  open(isFirst?: boolean): Promise<void>;
  /** Shows the same view with new numbers: nothing moves, no focus is lost. @returns false when it has to wait. */
  refresh(): Promise<boolean>;
}

export function createNavigator(shell: Shell): Navigator {
  let leave = new AbortController();
  let shown: HTMLElement | undefined;
  let shownHash: string | undefined;

  async function open(isFirst = false): Promise<void> {
    leave.abort();
    leave = new AbortController();
    const { signal } = leave;
    const { hash } = location;
    const route = parseRoute(hash);
    const isSamePlace =
      route !== null && placeOf(route) === placeOf(shownHash === undefined ? null : parseRoute(shownHash));
    shell.markCurrent(route?.name ?? null);
    if (route === null) return showMissing();
    const wait = setTimeout(
      () => !signal.aborted && shell.main.replaceChildren(loading()),
      isSamePlace ? LONG : PATIENCE,
    );
    try {
      const next = await build(route, signal);
      if (signal.aborted) return;
      put(next);
      if (isSamePlace) keepPlace(shell.main, next.before);
      else enter(isFirst);
    } catch (error) {
      if (signal.aborted) return;
      shown = undefined;
      showFailure(route, error);
    } finally {
      clearTimeout(wait);
    }
  }

  async function build(route: Route, signal: AbortSignal): Promise<Built> {
    const view = await loadView(route);
    const root = h('div', { class: `view view-${route.name}` });
    await view.render(root, route.params, signal);
    return { root, view, before: keptOf(shell.main) };
  }

  function put({ root, view }: Built): void {
    shown = root;
    shownHash = location.hash;
    shell.main.replaceChildren(root);
    document.title = `${root.querySelector('h1')?.textContent ?? view.title} · smstats`;
  }

  function enter(isFirst: boolean): void {
    scrollTo(0, 0);
    if (isFirst) return;
    shell.main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    shell.announce(document.title);
  }

  function showFailure({ name }: Route, error: unknown): void {
    const { label } = VIEWS[name];
    const retry = error instanceof MissingCode ? () => location.reload() : () => void open();
    shell.main.replaceChildren(h('div', { class: 'view' }, viewHeader(label), failure(error, retry)));
    document.title = `${label} · smstats`;
  }

  function showMissing(): void {
    shown = undefined;
    shownHash = location.hash;
    document.title = 'Not found · smstats';
    const back = h('a', { href: '#/' }, 'Back to the overview');
    shell.main.replaceChildren(
      h('div', { class: 'view' }, h('h1', { tabindex: -1 }, 'Not found'), empty('There is no such view.', back)),
    );
  }

  async function refresh(): Promise<boolean> {
    if (isBusy(shell.main)) return false;
    const route = parseRoute(location.hash);
    if (route === null) return true;
    if (shown === undefined) {
      await open();
      return true;
    }
    const { signal } = leave;
    const next = await build(route, signal);
    if (signal.aborted) return true;
    if (isBusy(shell.main)) return false;
    put(next);
    keepPlace(shell.main, next.before);
    return true;
  }

  return { open, refresh };
}

/** The code of a view did not come: the server is gone, or is another version now. Only a new page can tell. */
class MissingCode extends ApiError {
  constructor() {
    super(0, NO_REPLY);
  }
}

async function loadView({ name }: Route): Promise<View> {
  try {
    return (await VIEWS[name].load()).view;
  } catch {
    throw new MissingCode();
  }
}

/** Another period or filter is the same place. */
function placeOf(route: Route | null): string | null {
  return route && `${route.name} ${route.params.get('id') ?? ''}`;
}

interface Built {
  root: HTMLElement;
  view: View;
  /** How the page was before. */
  before: Kept;
}

/** What a person would miss if it went away with the old numbers. */
interface Kept {
  focus: string | null;
  open: string[];
  top: number;
}

function keptOf(main: HTMLElement): Kept {
  const { activeElement } = document;
  return {
    focus: activeElement && main.contains(activeElement) ? activeElement.id || null : null,
    open: [...main.querySelectorAll<HTMLDetailsElement>('details[open]')].map(({ id }) => id).filter(Boolean),
    top: scrollY,
  };
}

function keepPlace(main: HTMLElement, { focus, open, top }: Kept): void {
  for (const id of open) {
    const details = main.querySelector<HTMLDetailsElement>(`details#${CSS.escape(id)}`);
    if (details) details.open = true;
  }
  scrollTo(0, top);
  if (focus !== null) document.getElementById(focus)?.focus({ preventScroll: true });
}

/** Someone types, reads a dialog or marks text: what they look at must not be exchanged. */
function isBusy(main: HTMLElement): boolean {
  const { activeElement } = document;
  const isField = activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement;
  const isTyping = isField && main.contains(activeElement) && activeElement.value !== activeElement.defaultValue;
  const selection = getSelection();
  return isTyping || document.querySelector('dialog[open]') !== null || (selection !== null && !selection.isCollapsed);
}

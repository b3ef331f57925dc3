import { ApiError } from './api.ts';
import { h, type Child } from './dom.ts';

/**
 * A page of the dashboard. `render` asks for what it shows and fills `root`, which is shown when it is done: a view
 * that waits shows nothing of itself, and one that throws is replaced by the error. It is called again when the
 * numbers change; what a person chose belongs into the address.
 */
export interface View {
  /** In the navigation and, until the view says better with `viewHeader`, in the window's title. */
  title: string;
  /** @param params the query of the address, with `id` for the part after an account. @param signal aborts when the person goes on. */
  render(root: HTMLElement, params: URLSearchParams, signal: AbortSignal): Promise<void>;
}

/** The heading of a view, with a line below it and what belongs to its right: filters, buttons. */
export function viewHeader(title: Child, note?: Child, ...actions: readonly Child[]): HTMLElement {
  return h(
    'header',
    { class: 'view-header' },
    h('div', { class: 'view-title' }, h('h1', { tabindex: -1 }, title), note ? h('p', { class: 'note' }, note) : null),
    actions.length > 0 && h('div', { class: 'view-actions' }, ...actions),
  );
}

let cards = 0;

/** A titled part of a view. */
export function card(
  title: Child,
  options: { note?: Child; class?: string },
  ...children: readonly Child[]
): HTMLElement {
  const id = `card-${(cards += 1)}`;
  return h(
    'section',
    { class: `card ${options.class ?? ''}`.trim(), 'aria-labelledby': id },
    h(
      'div',
      { class: 'card-header' },
      h('h2', { id }, title),
      options.note ? h('p', { class: 'note' }, options.note) : null,
    ),
    ...children,
  );
}

/** Shown while a part of a view is on its way. */
export function loading(text = 'Loading…'): HTMLElement {
  return h(
    'div',
    { class: 'state loading' },
    h('span', { class: 'spinner', 'aria-hidden': 'true' }),
    h('p', null, text),
  );
}

/** There is nothing to show, and what to do about it. @param commands to type in a terminal, each on its own line. */
export function empty(title: string, text?: Child, commands: readonly string[] = []): HTMLElement {
  return h(
    'div',
    { class: 'state empty' },
    h('p', { class: 'state-title' }, title),
    text ? h('p', null, text) : null,
    commands.length > 0 && commandLines(commands),
  );
}

/** Commands that a person can copy. */
export function commandLines(commands: readonly string[]): HTMLElement {
  return h(
    'pre',
    { class: 'commands', tabindex: 0 },
    h(
      'code',
      null,
      commands.map((line) => `${line}\n`),
    ),
  );
}

/** Something could not be shown, and why. @param retry when it may help to ask again. */
export function failure(error: unknown, retry?: () => void): HTMLElement {
  const message = error instanceof Error ? error.message : String(error);
  const title = error instanceof ApiError && error.status === 0 ? 'No connection' : 'This could not be shown';
  return h(
    'div',
    { class: 'state failure', role: 'alert' },
    h('p', { class: 'state-title' }, title),
    h('p', null, message),
    retry && h('button', { type: 'button', class: 'primary', onclick: retry }, 'Try again'),
  );
}

/** A short word on a coloured ground. */
export function badge(
  text: string,
  tone: 'plain' | 'sample' | 'competitor' | 'good' | 'bad' | 'warn' = 'plain',
  title?: string,
): HTMLElement {
  return h('span', { class: `badge ${tone}`, title }, text);
}

/** Buttons of which one is chosen. @param choose is called with the value of the button that was pressed. */
export function choice(
  label: string,
  options: readonly { value: string; label: string }[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  return h(
    'div',
    { class: 'choice', role: 'group', 'aria-label': label },
    options.map((option) =>
      h(
        'button',
        {
          type: 'button',
          id: `choice-${label.toLowerCase().replaceAll(/\W+/g, '-')}-${option.value}`,
          'aria-pressed': option.value === chosen ? 'true' : 'false',
          onclick: () => choose(option.value),
        },
        option.label,
      ),
    ),
  );
}

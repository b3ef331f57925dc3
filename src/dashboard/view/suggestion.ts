import { post } from '../api.ts';
import { h, known, outLink, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { platformName, platformSign } from '../platform.ts';
import { badge, empty } from '../view.ts';

/** Where mappings are asked for and decided. */
export const PATH = '/api/social-media/mapping';
const RESULT = 'mapping-result';

type Decision = 'confirm' | 'reject';

/** A post that nobody has linked yet. */
export interface Unmapped {
  post_id: string;
  platform: string;
  username: string;
  external_post_id: string;
  post_url: string | null;
  posted_at: string | null;
  caption: string | null;
}

/** What the rules think that a post shows. */
export interface Suggestion extends Unmapped {
  video_id: string | null;
  clip_id: string | null;
  content_title: string | null;
  confidence: number;
  runner_up: number | null;
  matched_by: string;
  views_count: number | null;
}

/** An answer that was under way may still have what was decided since: so long it is left out, in ms. */
const LEFT_OUT_MS = 10_000;
/** When a post was decided on, by its id. */
const decided = new Map<string, number>();
/** What became of the last decision: it outlasts a refresh. */
let said = '';

/** What waits for a person's word, and what became of the last one. */
export function suggestionList(suggestions: readonly Suggestion[]): HTMLElement[] {
  const open = suggestions.filter(({ post_id: id }) => !isDecided(id));
  const items = open.map((suggestion) => suggestionItem(suggestion));
  return [
    h('p', { id: RESULT, class: 'result', role: 'status', 'aria-live': 'polite' }, said),
    items.length === 0 ? noSuggestions() : h('ol', { class: 'rows suggestions' }, items),
  ];
}

function noSuggestions(): HTMLElement {
  return empty('Nothing waits for your word.', 'The rules look for more:', ['smstats map --auto']);
}

function suggestionItem(suggestion: Suggestion): HTMLElement {
  const { post_id: id, caption, external_post_id: external, runner_up: second } = suggestion;
  const captionId = `caption-${id}`;
  const button = (decision: Decision, label: string, className: string | null) =>
    h(
      'button',
      {
        type: 'button',
        class: className,
        id: `${decision}-${id}`,
        'aria-describedby': captionId,
        onclick: () => void decide(suggestion, decision),
      },
      label,
    );
  return h(
    'li',
    { id: `suggestion-${id}` },
    platformSign(suggestion.platform, 'small'),
    h(
      'div',
      { class: 'grow' },
      h(
        'p',
        { class: 'caption', id: captionId, dir: 'auto' },
        outLink(suggestion.post_url, caption?.trim() || `Post ${external}`),
      ),
      h('p', { class: 'note' }, factsOf(suggestion)),
      h(
        'p',
        { class: 'suggested' },
        h('span', { class: 'muted' }, suggestion.clip_id === null ? 'shows the video ' : 'shows the clip '),
        h('b', null, suggestion.content_title?.trim() || suggestion.clip_id || suggestion.video_id),
        ' ',
        badge(`${format.percent(suggestion.confidence * 100)} by ${suggestion.matched_by.replaceAll('_', ' ')}`),
        second !== null && [' ', h('span', { class: 'note' }, `next best ${format.percent(second * 100)}`)],
      ),
      h('p', { class: 'wrong', role: 'alert' }),
    ),
    h('div', { class: 'row-actions' }, button('confirm', 'Confirm', 'primary'), button('reject', 'Reject', null)),
  );
}

/** Sends a person's word and takes the row away. The page may be exchanged meanwhile, so rows are looked up by their ids. */
async function decide(suggestion: Suggestion, decision: Decision): Promise<void> {
  const id = suggestion.post_id;
  const row = () => document.getElementById(`suggestion-${id}`);
  const lock = (isLocked: boolean) =>
    row()
      ?.querySelectorAll('button')
      .forEach((each) => (each.disabled = isLocked));
  lock(true);
  try {
    await post(PATH, { post_id: id, decision, ...contentOf(suggestion) });
  } catch (error) {
    lock(false);
    tell('');
    const problem = row()?.querySelector('.wrong');
    if (problem) problem.textContent = (error as Error).message;
    document.getElementById(`${decision}-${id}`)?.focus();
    return;
  }
  decided.set(id, Date.now());
  tell(decision === 'confirm' ? 'Confirmed.' : 'Rejected: no rule will suggest it again.');
  const done = row();
  if (!done) return;
  // Who works with the keyboard goes on with the next one.
  const next = done.nextElementSibling ?? done.previousElementSibling;
  next?.querySelector<HTMLElement>('button')?.focus();
  if (next) done.remove();
  else done.parentElement?.replaceWith(noSuggestions());
}

function tell(text: string): void {
  said = text;
  const result = document.getElementById(RESULT);
  if (result) result.textContent = text;
}

function isDecided(id: string): boolean {
  return Date.now() - (decided.get(id) ?? 0) < LEFT_OUT_MS;
}

/** What was on the screen, so that another suggestion is not confirmed unseen. */
function contentOf({ video_id: video, clip_id: clip }: Suggestion) {
  return clip === null ? { video_id: video } : { clip_id: clip };
}

function factsOf({ username, platform, posted_at: at, views_count: views }: Suggestion): Child {
  return [
    `@${username}, ${platformName(platform)} · `,
    known(at, format.relative),
    ' · ',
    known(views, format.number),
    ' views',
  ];
}

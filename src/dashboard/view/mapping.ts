import type { Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h, known, outLink } from '../dom.ts';
import { format } from '../format.ts';
import { tile } from '../part.ts';
import { platformName, platformSign } from '../platform.ts';
import { card, empty, viewHeader, type View } from '../view.ts';
import { PATH, suggestionList, type Suggestion, type Unmapped } from './suggestion.ts';

const LIMIT = 50;
/** Of the posts that nothing is known of: here they can only be looked at. */
const UNMAPPED_SHOWN = 15;

interface Mapping {
  counts: Record<'posts' | 'confirmed' | 'suggested' | 'rejected' | 'unmapped', number>;
  suggestions: Suggestion[];
  unmapped: Unmapped[];
}

/** Which posts show which video or clip: what the rules suggest, for a person to confirm or reject. */
export const view: View = {
  title: 'Mapping',
  async render(root, _params, signal) {
    const { data } = await get<Answer<Mapping>>(PATH, { limit: LIMIT }, signal);
    const { counts, suggestions } = data;
    const unmapped = data.unmapped.slice(0, UNMAPPED_SHOWN);
    root.append(
      viewHeader('Mapping', 'Which of your videos and clips each post shows'),
      h(
        'dl',
        { class: 'tiles' },
        tile('Linked', format.number(counts.confirmed), `of ${format.number(counts.posts)} posts`),
        tile('Suggested', format.number(counts.suggested), 'wait for your word'),
        tile('Unmapped', format.number(counts.unmapped), 'nothing is known'),
        tile('Rejected', format.number(counts.rejected), 'no rule asks again'),
      ),
      card('Suggestions', { note: shownOf(suggestions.length, counts.suggested) }, ...suggestionList(suggestions)),
      card('Unmapped posts', { note: shownOf(unmapped.length, counts.unmapped) }, unmappedList(unmapped)),
    );
  },
};

function unmappedList(posts: readonly Unmapped[]): HTMLElement {
  if (posts.length === 0) return empty('Every post is linked, suggested or rejected.');
  return h(
    'div',
    null,
    h(
      'p',
      { class: 'note rows-note' },
      'Link one in the terminal: ',
      h('code', null, 'smstats map <post url> --video <id>'),
    ),
    h(
      'ol',
      { class: 'rows' },
      posts.map(({ platform, username, post_url: url, caption, external_post_id: external, posted_at: at }) =>
        h(
          'li',
          null,
          platformSign(platform, 'small'),
          h(
            'div',
            { class: 'grow' },
            h('p', { class: 'caption', dir: 'auto' }, outLink(url, caption?.trim() || `Post ${external}`)),
            h('p', { class: 'note' }, `@${username}, ${platformName(platform)} · `, known(at, format.relative)),
          ),
        ),
      ),
    ),
  );
}

function shownOf(shown: number, all: number): string | null {
  return shown < all ? `The newest ${format.number(shown)} of ${format.number(all)}` : null;
}

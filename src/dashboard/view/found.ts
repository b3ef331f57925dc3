import { h, outLink } from '../dom.ts';
import { format } from '../format.ts';
import { platformSign } from '../platform.ts';
import { badge, empty } from '../view.ts';

/** What an alert rule found, and who could not be told. */
export interface Alert {
  event_id: string;
  kind: string;
  platform: string | null;
  username: string | null;
  date: string;
  title: string;
  facts: { label: string; value: string }[];
  doubts: string[];
  url: string | null;
  deliveries: { channel: string; status: 'pending' | 'sent' | 'failed'; error_message: string | null }[];
}

/** The findings in full, each with what it rests on. */
export function foundList(events: readonly Alert[]): HTMLElement {
  if (events.length === 0)
    return empty('Nothing out of the ordinary.', 'Rules decide what is told:', ['smstats alerts --help']);
  return h(
    'ol',
    { class: 'rows' },
    events.map((event) => alertItem(event)),
  );
}

function alertItem({ event_id: id, platform, username, kind, ...event }: Alert): HTMLElement {
  const failed = event.deliveries.filter(({ status }) => status === 'failed');
  return h(
    'li',
    null,
    platform === null ? null : platformSign(platform, 'small'),
    h(
      'div',
      { class: 'grow' },
      h('p', { class: 'caption' }, outLink(event.url, event.title)),
      h(
        'p',
        { class: 'note' },
        [username === null ? null : `@${username}`, format.day(event.date), kind].filter(Boolean).join(' · '),
        failed.map(({ channel, error_message: why }) => [
          ' ',
          badge(`not sent to ${channel}`, 'bad', why ?? undefined),
        ]),
      ),
      (event.facts.length > 0 || event.doubts.length > 0) &&
        h(
          'details',
          { id: `alert-${id}` },
          h('summary', null, 'What it rests on'),
          h(
            'dl',
            { class: 'facts' },
            event.facts.map(({ label, value }) => [h('dt', null, label), h('dd', null, value)]),
          ),
          event.doubts.map((doubt) => h('p', { class: 'note' }, doubt)),
        ),
    ),
  );
}

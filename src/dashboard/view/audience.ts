import type { Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h } from '../dom.ts';
import { format } from '../format.ts';
import { platformName, platformSign } from '../platform.ts';
import { card, empty, viewHeader, type View } from '../view.ts';
import { bars, type Bar } from './bar.ts';
import { filterBar } from './filter.ts';

const AGES = {
  age_13_17: '13–17',
  age_18_24: '18–24',
  age_25_34: '25–34',
  age_35_44: '35–44',
  age_45_54: '45–54',
  age_55_64: '55–64',
  age_65_plus: '65 and older',
} as const;

interface Audience extends Record<keyof typeof AGES, number | null> {
  platform: string;
  username: string;
  date: string;
  male_percentage: number | null;
  female_percentage: number | null;
  /** Names, the largest first; what was written by hand may be anything. */
  top_countries: unknown;
  top_cities: unknown;
}

/** Who sees each account. */
export const view: View = {
  title: 'Audience',
  async render(root, params, signal) {
    const { data } = await get<Answer<Audience[]>>('/api/social-media/audience', {}, signal);
    const account = params.get('account');
    const options = data.map(({ platform, username }) => ({
      value: `${platform}:${username}`,
      label: `@${username}, ${platformName(platform)}`,
    }));
    const shown = data.filter(({ platform, username }) => account === null || account === `${platform}:${username}`);
    root.append(viewHeader('Audience', 'The latest that is known of each account'));
    if (data.length > 0) {
      root.append(
        filterBar('audience', params, [
          { name: 'account', label: 'Account', options: [{ value: '', label: 'All' }, ...options] },
        ]),
      );
    }
    if (shown.length === 0) {
      root.append(
        empty('No audience is known.', 'Few platforms tell it over their API. What their apps show can be recorded:', [
          'smstats record audience --account tiktok:<username> --age-18-24 35 --female-percentage 60',
        ]),
      );
    }
    root.append(...shown.map((audience) => audienceCard(audience)));
  },
};

function audienceCard(audience: Audience): HTMLElement {
  const { platform, username, date } = audience;
  const ages = Object.entries(AGES).map(([key, label]) => share(label, audience[key as keyof typeof AGES]));
  const genders = [share('Female', audience.female_percentage), share('Male', audience.male_percentage)];
  const name = h(
    'span',
    { class: 'card-name' },
    platformSign(platform, 'small'),
    `@${username}, ${platformName(platform)}`,
  );
  return card(
    name,
    { note: `As of ${format.day(date)}` },
    h(
      'div',
      { class: 'columns' },
      bars('Age', ages, highestOf(ages)),
      h(
        'div',
        null,
        bars('Gender', genders, 100),
        h('div', { class: 'two' }, places('Countries', audience.top_countries), places('Cities', audience.top_cities)),
      ),
    ),
  );
}

function share(label: string, value: number | null): Bar {
  return { label, value, text: format.percent(value) };
}

/** Small shares are told apart better beside the largest than beside 100. */
function highestOf(rows: readonly Bar[]): number {
  return Math.max(1, ...rows.map(({ value }) => value ?? 0));
}

function places(title: string, list: unknown): HTMLElement {
  if (list === null || list === undefined) return h('p', { class: 'note' }, `${title}: unknown`);
  const names = (Array.isArray(list) ? list : [list]).map((name) =>
    typeof name === 'string' ? name : JSON.stringify(name),
  );
  return h(
    'div',
    null,
    h('h3', null, `${title}, the largest first`),
    h(
      'ol',
      { class: 'numbered' },
      names.map((name) => h('li', null, name)),
    ),
  );
}

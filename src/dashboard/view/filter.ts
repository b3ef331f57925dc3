import type { Accounts, Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h } from '../dom.ts';
import { platformName } from '../platform.ts';
import { withParams, type RouteName } from '../router.ts';

/** A choice or a text that narrows what a view shows. It stands in the address. */
export interface Filter {
  /** Its name in the address. */
  name: string;
  label: string;
  /** Without them it is a field for text. */
  options?: readonly Option[];
  /** What holds when the address says nothing; '' is everything. */
  fallback?: string;
  placeholder?: string;
}

export interface Option {
  value: string;
  label: string;
}

/** Fields that change the address, which shows the view anew from its first page. */
export function filterBar(route: RouteName, params: URLSearchParams, filters: readonly Filter[]): HTMLElement {
  const change = (name: string, value: string) => {
    location.hash = withParams(route, params, { [name]: value.trim(), offset: null });
  };
  return h(
    'form',
    { class: 'filters', role: 'search', 'aria-label': 'Filters', onsubmit: (event) => event.preventDefault() },
    filters.map((filter) => fieldOf(filter, params.get(filter.name) ?? filter.fallback ?? '', change)),
  );
}

function fieldOf(
  { name, label, options, placeholder, fallback }: Filter,
  value: string,
  change: (name: string, value: string) => void,
): HTMLElement {
  const id = `filter-${name}`;
  if (!options) {
    const field = h('input', { id, type: 'search', value, placeholder, maxlength: 200, autocomplete: 'off' });
    field.addEventListener('change', () => change(name, field.value));
    return h('label', { for: id }, label, field);
  }
  const isListed = options.some((option) => option.value === value);
  const all = isListed ? options : [...options, { value, label: value }];
  const select = h(
    'select',
    { id },
    all.map((option) => h('option', { value: option.value, selected: option.value === value }, option.label)),
  );
  select.addEventListener('change', () => change(name, select.value === fallback ? '' : select.value));
  return h('label', { for: id }, label, select);
}

/** The accounts to choose from, under the names that the API takes. */
export async function listAccountOptions(signal: AbortSignal): Promise<Option[]> {
  const { data } = await get<Answer<Accounts>>('/api/social-media/accounts', { days: 2 }, signal);
  return data.accounts.map(({ platform, username }) => ({
    value: `${platform}:${username}`,
    label: `@${username}, ${platformName(platform)}`,
  }));
}

/** The platforms of these accounts. */
export function platformsOf(accounts: readonly Option[]): Option[] {
  const platforms = [...new Set(accounts.map(({ value }) => value.slice(0, value.indexOf(':'))))];
  return platforms.map((platform) => ({ value: platform, label: platformName(platform) }));
}

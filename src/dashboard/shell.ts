import { h, svg, type Child } from './dom.ts';
import { ROUTES, routeTo, type RouteName } from './router.ts';
import { applyTheme, loadTheme, THEMES, type Theme } from './theme.ts';
import { VIEWS } from './views.ts';

/** Of the navigation, from its top. */
const GROUPS = [null, 'Content', 'Reach', 'Collection'];

/** What stays on the page while views come and go. */
export interface Shell {
  main: HTMLElement;
  /** Marks a place in the navigation as the current one. */
  markCurrent(name: RouteName | null): void;
  /** Says something to those who listen to the page. */
  announce(text: string): void;
  /** Shows whether the page hears of new numbers. */
  showState(state: 'live' | 'waiting', text: string): void;
}

/** Builds the page around the views: skip link, header, navigation, main, live region. */
export function createShell(): Shell {
  const main = h('main', { id: 'main', tabindex: -1 });
  const links = new Map(ROUTES.filter((name) => name !== 'account').map((name) => [name, linkTo(name)]));
  const region = h('p', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
  const state = h('p', { class: 'server-state' });
  const navigation = h(
    'nav',
    { id: 'navigation', 'aria-label': 'Views' },
    GROUPS.map((group) => groupOf(group, links)),
    h(
      'div',
      { class: 'sidebar-foot' },
      state,
      themeSwitch(),
      h('a', { href: '/docs', class: 'docs' }, 'API reference'),
    ),
  );
  const menu = h(
    'button',
    { type: 'button', class: 'menu', 'aria-expanded': 'false', 'aria-controls': 'navigation', onclick: toggleMenu },
    icon('M4 7h16M4 12h16M4 17h16'),
    'Menu',
  );

  function toggleMenu(): void {
    setMenu(menu.getAttribute('aria-expanded') !== 'true');
  }

  function setMenu(isOpen: boolean): void {
    menu.setAttribute('aria-expanded', String(isOpen));
    document.body.classList.toggle('menu-open', isOpen);
  }

  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || menu.getAttribute('aria-expanded') !== 'true') return;
    setMenu(false);
    menu.focus();
  });
  document.body.replaceChildren(
    h('a', { href: '#main', class: 'skip', onclick: skip }, 'Skip to the numbers'),
    h('header', { class: 'top' }, h('a', { href: '#/', class: 'brand' }, mark(), 'smstats'), menu),
    navigation,
    main,
    region,
  );

  // The fragment of the address says which view: the link must not change it.
  function skip(event: Event): void {
    event.preventDefault();
    main.focus();
  }

  return {
    main,
    markCurrent(name) {
      setMenu(false);
      for (const [each, link] of links) {
        if (each === name) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    },
    announce(text) {
      region.textContent = text;
    },
    showState(kind, text) {
      state.className = `server-state ${kind}`;
      state.textContent = text;
    },
  };
}

function groupOf(group: string | null, links: ReadonlyMap<RouteName, HTMLElement>): Child {
  const id = group === null ? null : `nav-${group.toLowerCase()}`;
  const items = [...links].filter(([name]) => VIEWS[name].group === group).map(([, link]) => h('li', null, link));
  return [id === null ? null : h('p', { class: 'nav-group', id }, group), h('ul', { 'aria-labelledby': id }, items)];
}

function linkTo(name: RouteName): HTMLElement {
  return h('a', { href: routeTo(name) }, icon(ICONS[name]), VIEWS[name].label);
}

function themeSwitch(): HTMLElement {
  const id = 'theme';
  const select = h(
    'select',
    { id, onchange: () => applyTheme(select.value as Theme) },
    THEMES.map((theme) => h('option', { value: theme, selected: theme === loadTheme() }, THEME_LABELS[theme])),
  );
  return h('div', { class: 'theme' }, h('label', { for: id }, 'Colours'), select);
}

const THEME_LABELS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** The sign of the house. */
function mark(): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 32 32', class: 'mark', 'aria-hidden': 'true' },
    svg('rect', { width: 32, height: 32, rx: 8 }),
    svg('path', { d: 'M7 22l6-7 4.5 4L25 10' }),
  );
}

function icon(path: string): SVGElement {
  return svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: path }));
}

/** Drawn by hand on a grid of 24: one line each. */
const ICONS: Record<RouteName, string> = {
  overview: 'M4 4h7v7H4zM13 4h7v4h-7zM13 11h7v9h-7zM4 14h7v6H4z',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6',
  posts: 'M4 5h16v14H4zM10 9l5 3-5 3z',
  hashtags: 'M9 4L7 20M17 4l-2 16M4 9h17M3 15h17',
  'best-times': 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2',
  mapping: 'M10 14a4 4 0 0 0 6 0l3-3a4.200 4.200 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4.200 4.200 0 0 0 6 6l1-1',
  audience:
    'M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6 7-6s7 2 7 6M16 4.500a4 4 0 0 1 0 7M18 15.500c2.500.7 4 2.500 4 5.500',
  campaigns: 'M4 10v4h4l8 5V5l-8 5zM19.500 9.500a4 4 0 0 1 0 5',
  usage: 'M4 20V10M10 20V4M16 20v-7M22 20H2',
  schedule: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5',
};

import { isSafeAddress, isWebAddress } from './address.ts';

/** What an element can hold. Text becomes a text node, never markup; null, undefined and false leave nothing. */
export type Child = Node | string | number | null | undefined | false | readonly Child[];

/** Attributes, and listeners under `on…`. Null, undefined and false leave the attribute out; true leaves it empty. */
export type Props = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

const SVG = 'http://www.w3.org/2000/svg';
/** Attributes that a browser follows or runs, and `style`, which the content security policy refuses. */
const FOLLOWED = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'ping', 'data']);
const REFUSED = /^(?:on|style$|srcdoc$|srcset$)/i;

/**
 * Makes an element of the page.
 * @param props attributes; `onclick: (event) => …` adds a listener. An address that is not http, https or of this
 * server is left out; an attribute that would run text throws.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props | null = null,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), props, children);
}

/** Makes an element of a drawing, under the rules of `h`. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  props: Props | null = null,
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS(SVG, tag) as SVGElementTagNameMap[Tag], props, children);
}

/** A value for people: an em dash that is read as "unknown" where there is none. */
export function known<Value>(value: Value | null | undefined, format: (value: Value) => string): Child {
  return value === null || value === undefined ? unknown() : format(value);
}

/** What stands where a value is not known. */
export function unknown(): HTMLElement {
  return h('span', { class: 'unknown', role: 'img', 'aria-label': 'unknown' }, '—');
}

/**
 * A link out of the house, opened beside the page. What is no web address stays text.
 * @param address of a post or profile, as a platform told it.
 */
export function outLink(address: string | null | undefined, ...children: readonly Child[]): HTMLElement {
  if (!address || !isWebAddress(address)) return h('span', null, ...children);
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer', class: 'out' }, ...children);
}

function fill<Made extends Element>(element: Made, props: Props | null, children: readonly Child[]): Made {
  for (const [name, value] of Object.entries(props ?? {})) setAttribute(element, name, value);
  append(element, children);
  return element;
}

function setAttribute(element: Element, name: string, value: Props[string]): void {
  if (typeof value === 'function') {
    element.addEventListener(name.slice(2), value);
    return;
  }
  if (value === null || value === undefined || value === false) return;
  if (REFUSED.test(name)) throw new TypeError(`${name} is no attribute for text`);
  if (FOLLOWED.has(name) && !isSafeAddress(String(value))) return;
  element.setAttribute(name, value === true ? '' : String(value));
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.append(child);
    else if (typeof child === 'string' || typeof child === 'number') element.append(String(child));
  }
}

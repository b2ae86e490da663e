type Value = string | number | boolean | undefined | ((event: Event) => void);
export type Properties = Readonly<Record<string, Value>>;
export type Content = Node | string | undefined | false;

/**
 * Builds an element. `on…` keys become listeners, `testid` becomes `data-testid`, booleans become the presence of an
 * attribute; text is always text, so a peer's name can not become markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: readonly Content[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else setAttribute(element, key === 'testid' ? 'data-testid' : key, value);
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

function setAttribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** Strokes on a 24×24 grid. */
const ICONS = {
  phone: 'M6.5 3.5h3l1.5 4-2 1.6a11 11 0 0 0 5.9 5.9l1.6-2 4 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2z',
  video: 'M3.5 7.5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2zM15.5 10.5l5-3v9l-5-3',
  'video-off': 'M3 3l18 18M9 5.5h4.5a2 2 0 0 1 2 2v4M15.5 15.7v.8a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-9a2 2 0 0 1 1.3-1.9M15.5 10.5l5-3v9l-3-1.8',
  mic: 'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  'mic-off': 'M3 3l18 18M9 9v2.5a3 3 0 0 0 4.6 2.5M15 11V6.5a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10.5 5M18.5 11.5a6.5 6.5 0 0 1-.6 2.7M12 18v3',
  'hang-up': 'M3.5 14.5c-.8-4 3.5-6.5 8.5-6.5s9.3 2.5 8.5 6.5l-.3 1.5-4.2-.6-.7-3.2a12 12 0 0 0-6.6 0L8 15.4l-4.2.6z',
  search: 'M11 4.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM16 16l4.5 4.5',
  direct: 'M4 12h16M8 8l-4 4 4 4M16 8l4 4-4 4',
  relayed: 'M3.5 16.5 12 7l8.5 9.5M12 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5',
  shield: 'M12 3.5l7.5 3v5c0 4.5-3 7.6-7.5 9-4.5-1.4-7.5-4.5-7.5-9v-5z',
  missed: 'M5 6l7 7 7-7M19 11V6h-5',
} as const;
export type IconName = keyof typeof ICONS;

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A decrescendo, the sign for growing quieter, beside the name. */
export function wordmark(): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('aria-hidden', 'true');
  const ground = shape('rect', { width: '32', height: '32', rx: '9', class: 'mark-ground' });
  const hairpin = shape('path', {
    d: 'M7 9.5 25 16 7 22.5', fill: 'none', stroke: '#f6efe2', 'stroke-width': '2.6', 'stroke-linecap': 'round', 'stroke-linejoin': 'round',
  });
  svg.append(ground, hairpin, shape('circle', { cx: '7.6', cy: '16', r: '2', fill: '#f0a868' }));
  return h('span', { class: 'wordmark' }, svg, 'sotto');
}

function shape(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export function avatar(name: string, jid: string): HTMLElement {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '');
  const initials = words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : name.slice(0, 2);
  let hash = 0;
  for (const character of jid) hash = (hash * 31 + character.charCodeAt(0)) % 997;
  return h('span', { class: 'avatar', 'data-hue': hash % 6, 'aria-hidden': 'true' }, initials.toUpperCase());
}

/** Tells screen readers; the same words twice are spoken twice. */
export function announce(text: string): void {
  const announcer = document.querySelector('#announcer');
  if (!announcer) return;
  announcer.textContent = '';
  requestAnimationFrame(() => (announcer.textContent = text));
}

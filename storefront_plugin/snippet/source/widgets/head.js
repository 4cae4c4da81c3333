import { create } from './create.js';
import { word } from './words.js';

const POPULAR = ['category_popular', 'popular', 'catalog'];

function headingText(host, { slot, level }) {
  const popular = slot === 'home' && POPULAR.includes(level);
  return host.getAttribute('heading') ?? word(host, 'heading-' + (popular ? 'popular' : slot)) ?? '';
}

/** "Why these?": one sentence about the whole row, in a popover of the browser. */
function createWhy(host, { level }) {
  if (!('popover' in HTMLElement.prototype)) return [];
  const text = [word(host, 'why-' + level), word(host, 'why-each')].filter(Boolean).join(' ');
  return [
    create('button', { type: 'button', popovertarget: 'why' }, word(host, 'why')),
    create('div', { id: 'why', popover: '', part: 'why' }, text),
  ];
}

/** "Not for me": puts a button on every product, and takes it off again. */
function createDismiss(host, box) {
  const button = create('button', { type: 'button', 'aria-pressed': 'false' }, word(host, 'dismiss'));
  button.addEventListener('click', () => {
    const choosing = box.classList.toggle('choosing');
    button.setAttribute('aria-pressed', choosing);
    button.textContent = word(host, choosing ? 'dismiss-done' : 'dismiss');
  });
  return button;
}

/** The line above the products. */
export function createHead(host, answer, box) {
  const level = Number(host.getAttribute('heading-level')) || 2;
  return create(
    'div',
    { class: 'head', part: 'head' },
    create('h' + level, { id: 'heading', part: 'heading' }, headingText(host, answer)),
    create('div', { class: 'tools', part: 'tools' }, ...createWhy(host, answer), createDismiss(host, box)),
  );
}

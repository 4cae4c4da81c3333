import { create, webAddress } from './create.js';
import { formatPrice } from './format.js';
import { word } from './words.js';

/** A place for a product that is not there yet. */
export const createEmptyItem = () => create('li', { class: 'item empty' }, create('div', { class: 'image' }));

/** One product: picture, title, price, and why it is here. The title's link covers the whole card. */
export function createItem(host, item, { clicked, dismissed }) {
  const image = webAddress(item.image_url);
  const title = create('a', { class: 'title', part: 'title', href: webAddress(item.url), click: clicked, auxclick: clicked });
  title.textContent = item.title;
  return create(
    'li',
    { class: 'item', part: 'item' },
    create('div', { class: 'image', part: 'image' }, image && create('img', { src: image, alt: '', decoding: 'async' })),
    title,
    item.price && create('span', { class: 'price', part: 'price' }, formatPrice(host, item.price, item.currency)),
    item.reason?.text && create('span', { class: 'reason', part: 'reason' }, item.reason.text),
    create(
      'button',
      { class: 'dismiss-one', type: 'button', 'aria-label': word(host, 'dismiss-one', item), click: dismissed },
      '×',
    ),
  );
}

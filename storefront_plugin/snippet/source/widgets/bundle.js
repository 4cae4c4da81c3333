import { create } from './create.js';
import { addPrices, formatPrice } from './format.js';
import { word } from './words.js';

/**
 * The last card of a bundle: what all of it costs, and one button. The shop listens to `regulars:add-all`, whose detail has
 * recommendation_id, slot, product_ids and items, and puts them into its basket. With `item-price` the page's own product is in.
 */
export function createBundle(host, answer) {
  const { recommendation_id, slot, items } = answer;
  const own = host.getAttribute('item-price');
  const currency = items[0].currency;
  const count = items.length + (own ? 1 : 0);
  const priced = items.every((item) => item.price && item.currency === currency);
  const sum = priced && addPrices([...items.map((item) => item.price), own || 0]);
  const product_ids = [...(own ? [host.getAttribute('item')] : []), ...items.map((item) => item.product_id)];
  const detail = { recommendation_id, slot, product_ids, items };
  const addAll = () => host.dispatchEvent(new CustomEvent('regulars:add-all', { detail, bubbles: true, composed: true }));
  return create(
    'li',
    { class: 'bundle', part: 'bundle' },
    create('span', {}, word(host, 'sum', { count })),
    priced && create('strong', { part: 'sum' }, formatPrice(host, sum, currency)),
    create('button', { type: 'button', part: 'add-all', click: addAll }, word(host, 'add-all', { count })),
  );
}

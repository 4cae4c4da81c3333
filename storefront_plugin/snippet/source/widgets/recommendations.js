import { createBundle } from './bundle.js';
import { create } from './create.js';
import { dismissedProducts, dismissProduct } from './dismissed.js';
import { createHead } from './head.js';
import { createEmptyItem, createItem } from './items.js';
import { hasPainted, movesNothing, whenNothingMoves, whenSeen } from './place.js';
import { ask } from './server.js';
import { adopt, makeBlock } from './style.js';
import { word } from './words.js';

const NEAR = '600px'; // how far below the fold an answer is asked for
const FALLBACK = 'home'; // the slot that fills a box which was already shown

/** `<regulars-recommendations placement item items exclude limit heading reserve layout live>`: one row of products. */
export class Recommendations extends HTMLElement {
  static observedAttributes = ['placement', 'item', 'items', 'exclude', 'limit'];

  constructor() {
    super();
    // An element that stood in the page before this file may have been painted, with or without a reserved place.
    const painted = this.isConnected && hasPainted();
    this.free = !painted || this.offsetHeight > 0;
    this.list = create('ul', { class: 'rail', part: 'items' });
    this.box = create('section', { class: 'box', 'aria-labelledby': 'heading' }, this.list);
    this.space = create('div', { class: 'space', hidden: '' }, this.box);
    adopt(this.attachShadow({ mode: 'open' })).append(this.space);
  }

  get placement() {
    return this.getAttribute('placement') || FALLBACK;
  }

  get limit() {
    return Number(this.getAttribute('limit')) || 4;
  }

  /** An empty "continue" leaves no gap: its place is taken only once there is something to show. */
  get mayBeEmpty() {
    return this.placement === 'continue' && !this.hasAttribute('reserve');
  }

  connectedCallback() {
    if (!this.answer) this.toggle(false);
    if (!this.mayBeEmpty) {
      if (this.free) this.open();
      else whenNothingMoves(this, () => this.open());
    }
    this.stopWaiting = whenSeen(this, () => this.load(), 0, NEAR);
  }

  disconnectedCallback() {
    this.stopWaiting();
    this.stopWatching?.();
    this.asking?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (this.asking && before !== after) this.load();
  }

  open() {
    this.toggle(true);
    if (!this.answer) this.skeleton();
  }

  toggle(open) {
    this.space.hidden = !open;
    this.toggleAttribute('empty', !open);
    makeBlock(this.shadowRoot, open);
  }

  skeleton() {
    this.box.setAttribute('aria-busy', 'true');
    this.list.replaceChildren(...Array.from({ length: this.limit }, createEmptyItem));
  }

  /** Asks for an answer and shows it; a second call makes the first one void. */
  async load() {
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    const answer = await this.fetch(this.placement, signal);
    if (signal.aborted) return;
    if (answer) {
      if (this.space.hidden && hasPainted()) whenNothingMoves(this, () => signal.aborted || this.show(answer));
      else this.show(answer);
    } else if (!this.space.hidden) await this.fill(signal);
  }

  /** The answer of a slot, or undefined when it has nothing or cannot be had. */
  async fetch(slot, signal) {
    const exclude = [this.getAttribute('exclude'), ...dismissedProducts()].filter(Boolean).join(',');
    const [item, items] = [this.getAttribute('item'), this.getAttribute('items')];
    const parameters = { slot, item, items, exclude, limit: this.limit };
    const answer = await ask('recommendations', parameters, { signal }).catch(() => undefined);
    return answer?.items?.length ? answer : undefined;
  }

  /** A box that was shown does not collapse: it gets other products, or stays blank. One that was not goes. */
  async fill(signal) {
    const answer = this.placement !== FALLBACK && (await this.fetch(FALLBACK, signal));
    if (signal.aborted) return;
    if (answer) return this.show(answer);
    this.answer = undefined;
    if (movesNothing(this)) this.toggle(false);
    this.box.removeAttribute('aria-busy');
    this.box.replaceChildren();
  }

  show(answer) {
    if (!this.isConnected) return;
    this.answer = answer;
    const cards = answer.items.map((item) => this.card(item));
    if (this.getAttribute('layout') === 'bundle') cards.push(createBundle(this, answer));
    this.list.replaceChildren(...cards);
    this.box.replaceChildren(createHead(this, answer, this.box), this.list);
    this.box.removeAttribute('aria-busy');
    this.toggle(true);
    this.stopWatching?.();
    this.stopWatching = whenSeen(this.box, () => this.tellShown(answer), 0.5);
  }

  card(item) {
    const card = createItem(this, item, {
      clicked: (event) => event.button < 2 && this.tell('Clicked', item, { position: item.position }),
      dismissed: () => this.dismiss(item, card),
    });
    return card;
  }

  dismiss(item, card) {
    this.tell('Dismissed', item);
    dismissProduct(item.product_id);
    const next = card.nextElementSibling || card.previousElementSibling;
    card.remove();
    if (this.list.querySelector('.item')) next?.querySelector('button')?.focus();
    else this.list.replaceChildren(create('li', { class: 'note', tabindex: '-1' }, word(this, 'dismissed')));
    this.list.querySelector('.note')?.focus();
  }

  /** Recommendation Clicked or Dismissed, sent at once: the page is perhaps about to be left. */
  tell(what, { product_id }, properties) {
    const { recommendation_id, slot } = this.answer;
    regulars.track('Recommendation ' + what, { recommendation_id, slot, product_id, ...properties });
    regulars.flush();
  }

  tellShown({ recommendation_id, slot, items }) {
    const product_ids = items.map((item) => item.product_id);
    regulars.track('Recommendations Shown', { recommendation_id, slot, product_ids });
  }

  /** Another person, or other consent: what was shown is no longer for whoever is here. */
  identityChanged() {
    if (this.asking) this.load();
  }

  sent(batch) {
    if (this.hasAttribute('live') && this.asking && batch.some(({ event }) => event && !/^Recommendation/.test(event))) {
      this.load();
    }
  }
}

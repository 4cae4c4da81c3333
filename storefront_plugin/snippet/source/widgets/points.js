import { create } from './create.js';
import { formatCount, formatPrice, isOne } from './format.js';
import { ask } from './server.js';
import { adopt } from './style.js';
import { word } from './words.js';

/** `<regulars-points>`: what the signed-in person has, and what it is worth. Nothing for anybody else. */
export class Points extends HTMLElement {
  constructor() {
    super();
    this.line = create('span', { class: 'points' });
    adopt(this.attachShadow({ mode: 'open' })).append(this.line);
  }

  connectedCallback() {
    this.load();
  }

  async load() {
    const { token } = regulars.configuration();
    const answer = token && (await ask('me', {}, { token }).catch(() => undefined));
    // Somebody else may have signed in, or nobody, while the answer was on its way.
    if (token !== regulars.configuration().token) return;
    this.line.replaceChildren(...(answer?.points ? this.describe(answer.points) : []));
  }

  describe({ available, pending, worth, currency }) {
    const count = word(this, isOne(this, available) ? 'point' : 'points', { count: formatCount(this, available) });
    const amount = worth && word(this, 'worth', { amount: formatPrice(this, worth, currency) });
    return [
      create('strong', { part: 'points' }, count),
      amount && create('span', { part: 'worth' }, amount),
      pending > 0 && create('span', { part: 'pending' }, word(this, 'pending', { count: formatCount(this, pending) })),
    ].filter(Boolean);
  }

  identityChanged() {
    this.load();
  }

  sent(batch) {
    if (batch.some(({ type, event }) => type === 'identify' || event === 'Order Completed')) this.load();
  }
}

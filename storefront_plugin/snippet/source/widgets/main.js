import { Points } from './points.js';
import { Recommendations } from './recommendations.js';

const WIDGETS = { 'regulars-recommendations': Recommendations, 'regulars-points': Points };

/** Calls a method of every widget that is in the page now. */
function tellAll(method, value) {
  for (const widget of document.querySelectorAll(Object.keys(WIDGETS).join())) widget[method]?.(value);
}

for (const [name, widget] of Object.entries(WIDGETS)) {
  if (!customElements.get(name)) customElements.define(name, widget);
}
regulars.on('identity', () => tellAll('identityChanged'));
regulars.on('sent', (batch) => tellAll('sent', batch));

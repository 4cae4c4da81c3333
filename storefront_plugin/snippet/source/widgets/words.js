// Every text of the widgets. A shop writes its own with an attribute: text-why="Pourquoi ?" replaces `why`.
const WORDS = {
  'heading-home': 'For you',
  'heading-product': 'You may also like',
  'heading-together': 'Often bought together',
  'heading-cart': 'Goes with your basket',
  'heading-continue': 'Continue where you left',
  'heading-popular': 'Popular right now',
  why: 'Why these?',
  'why-session': 'They follow from what you looked at in this visit.',
  'why-personal': 'They follow from what you looked at and bought here.',
  'why-item': 'They are what people choose together with this.',
  'why-category_popular': 'They are what most people choose in this category.',
  'why-popular': 'They are what most people choose here.',
  'why-catalog': 'They are in stock and new here.',
  'why-editorial': 'The shop chose them.',
  'why-each': 'The line under a product says why it is there.',
  dismiss: 'Not for me',
  'dismiss-one': 'Not for me: {title}',
  'dismiss-done': 'Done',
  dismissed: 'You will not see these again here.',
  'add-all': 'Add all {count}',
  sum: 'All {count}',
  point: '{count} point',
  points: '{count} points',
  worth: 'worth {amount}',
  pending: '{count} on the way',
};

/** The text called `name` as this element wants it, with its {places} filled; '' when there is no such text. */
export function word(element, name, values = {}) {
  const text = element.getAttribute('text-' + name) ?? WORDS[name] ?? '';
  return text.replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);
}

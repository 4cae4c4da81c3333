/** The language of the page around this element, or the browser's. */
function languageOf(element) {
  return element.closest('[lang]')?.lang || navigator.language;
}

/** What `make` makes of the page's language. A tag that does not exist is the page's mistake: the browser's own reads well too. */
function inLanguage(element, make) {
  try {
    return make(languageOf(element));
  } catch {
    return make();
  }
}

const format = (element, value, options) =>
  inLanguage(element, (language) => new Intl.NumberFormat(language, options).format(value));

export const formatCount = (element, count) => format(element, count);

/** Does the page's language speak of this many as it speaks of one? */
export const isOne = (element, count) =>
  inLanguage(element, (language) => new Intl.PluralRules(language).select(count)) === 'one';

/** An amount as a decimal string, with its currency as the page's language writes it. */
export const formatPrice = (element, amount, currency) => format(element, amount, { style: 'currency', currency });

/** The sum of decimal strings, exact for amounts of up to four decimals. */
export const addPrices = (amounts) => amounts.reduce((sum, amount) => sum + Math.round(amount * 10000), 0) / 10000;

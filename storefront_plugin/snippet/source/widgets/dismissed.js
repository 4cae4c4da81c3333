// What the visitor said "not for me" to: in this page always, for longer only where storage is allowed.
const KEY = 'regulars_dismissed';
const MOST = 50;
let products = [];

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
}

/** Product ids not to be shown again, the newest last. */
export function dismissedProducts() {
  return regulars.configuration().stores ? [...new Set([...read(), ...products])].slice(-MOST) : products;
}

export function dismissProduct(productId) {
  products = [...products, productId].slice(-MOST);
  if (!regulars.configuration().stores) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(dismissedProducts()));
  } catch {}
}

/** Where the visitor came from: another page, in shops that change pages by the History API, or another site. */
export let referrer = document.referrer;
let current;

/** Takes note of the present address; false when it was seen already. What follows `#` is the same page. */
export function seePage() {
  const address = location.href.split('#')[0];
  if (address === current) return false;
  referrer = current || referrer;
  current = address;
  return true;
}

/** Calls `view` for every page after this one, once per address. */
export function watchPages(view) {
  // The title of the new page is set after its address, in the same turn of the event loop.
  const changed = () => setTimeout(() => seePage() && view());
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name];
    history[name] = function () {
      original.apply(this, arguments);
      changed();
    };
  }
  addEventListener('popstate', changed);
  // A page that comes back from the back/forward cache is looked at again.
  addEventListener('pageshow', (event) => event.persisted && view());
}

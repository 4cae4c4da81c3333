import { base, nonce } from './settings.js';

/** Loads the widgets' own file as soon as one of their elements is in the page. */
export function loadWidgets() {
  const lists = ['recommendations', 'points'].map((name) => document.getElementsByTagName('regulars-' + name));
  const observer = new MutationObserver(look);
  function look() {
    if (!lists.some((list) => list.length)) return;
    observer.disconnect();
    const script = document.createElement('script');
    script.src = base + WIDGETS_FILE;
    script.nonce = nonce;
    document.head.append(script);
  }
  observer.observe(document, { childList: true, subtree: true });
  look();
}

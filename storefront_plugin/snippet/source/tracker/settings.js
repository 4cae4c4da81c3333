// The state of this script lives in its modules, not in objects: local names are what a minifier makes short.
const script = document.currentScript;

/** What the shop wrote on its script tag: writeKey, identityToken, consent, autoPage, cookieDomain. */
export const settings = { ...script.dataset };

/** The address of the API: the script's own address without its file name. */
export const base = new URL('.', script.src).href;

/** The key of the page's Content-Security-Policy, which scripts loaded later need as well. */
export const nonce = script.nonce;

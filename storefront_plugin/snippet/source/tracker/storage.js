import { settings } from './settings.js';

const PREFIX = 'regulars_';
const COOKIE = PREFIX + 'anonymous_id=';
const FOUR_HUNDRED_DAYS = 34560000; // seconds

/** A value from localStorage; undefined where storage is forbidden or holds something else, null where nothing is kept. */
export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {}
}

/** Keeps a value in localStorage; a missing value removes it. Full or forbidden storage is no fault of the page. */
export function write(name, value) {
  try {
    if (value) localStorage.setItem(PREFIX + name, JSON.stringify(value));
    else localStorage.removeItem(PREFIX + name);
  } catch {}
}

/** The anonymous id in the cookie, which a proxy on the shop's own host may have set. */
export function readCookie() {
  return document.cookie.match('(?:^|; )' + COOKIE + '([^;]+)')?.[1];
}

/** Sets the cookie for 400 days, the longest a browser keeps one; a missing value ends it. */
export function writeCookie(value) {
  document.cookie =
    COOKIE +
    (value ? value + '; Max-Age=' + FOUR_HUNDRED_DAYS : '; Max-Age=0') +
    '; Path=/; SameSite=Lax' +
    (settings.cookieDomain ? '; Domain=' + settings.cookieDomain : '') +
    (location.protocol === 'https:' ? '; Secure' : '');
}

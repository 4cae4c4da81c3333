import { stores } from './consent.js';
import { read, readCookie, write, writeCookie } from './storage.js';

/** A random id of 32 hexadecimal digits. (`randomUUID` exists on secure pages only.) */
export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join('');

export let anonymousId = (stores() && (readCookie() || read('anonymous_id'))) || newId();
export let userId = (stores() && read('user_id')) || undefined;
/** The identity token that the shop's server made for this page; never stored. */
export let token;

/** Writes down, or wipes out, what may or may not be kept. */
export function keepIdentity() {
  if (stores() || readCookie()) writeCookie(stores() && anonymousId);
  write('anonymous_id', stores() && anonymousId);
  write('user_id', stores() && userId);
}

/** The user id inside a token. Only the server can say whether the token is genuine. */
function subjectOf(token) {
  const payload = atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(payload, (byte) => byte.charCodeAt()))).sub;
}

/** From now on this user. The token, where there is one, says who. */
export function signIn(id, newToken) {
  token = newToken || token;
  userId = id || (newToken ? subjectOf(newToken) : userId);
  keepIdentity();
}

/** From now on somebody else: a new anonymous id, no user. */
export function renewIdentity() {
  anonymousId = newId();
  userId = token = undefined;
  keepIdentity();
}

/** Was this message made by whoever is here now? Only then may it travel beside the identity token. */
export const owns = (message) =>
  message.anonymousId === anonymousId && (!message.userId || message.userId === userId);

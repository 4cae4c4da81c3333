import { settings } from './settings.js';
import { read, write } from './storage.js';

// data-consent: absent (store unless refused), "ask" (nothing is stored or sent until allowed),
// "cookieless" (sent, but nothing stored until allowed).
const mode = settings.consent;

/** What the visitor answered, by category; missing until the visitor, or the shop's consent tool, has answered. */
export let answers = read('consent');

/** May an id and unsent events stay in this browser? */
export const stores = () => (mode ? answers?.analytics === true : answers?.analytics !== false);

/** May events leave this page? */
export const sends = () => mode === 'cookieless' || stores();

/** Do events wait for the answer, in the memory of this page? */
export const waits = () => mode === 'ask' && !answers;

/** What a message says about consent; undefined while nothing was answered. */
export const consentStamp = () => (answers ? { categoryPreferences: answers } : undefined);

/** Takes an answer. It is remembered unless remembering would be the only thing stored against the visitor's wish. */
export function answer(categories) {
  answers = { ...answers };
  for (const category in categories) answers[category] = categories[category] === true;
  write('consent', (!mode || stores()) && answers);
}

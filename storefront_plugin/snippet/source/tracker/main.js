import { answer, sends, stores, waits } from './consent.js';
import { deliver, drop, flush, release, startDelivery } from './delivery.js';
import { anonymousId, keepIdentity, renewIdentity, signIn, token } from './identity.js';
import { createMessage, describePage } from './messages.js';
import { seePage, watchPages } from './pages.js';
import { base, settings } from './settings.js';
import { loadWidgets } from './widgets.js';

const listeners = [];

function emit(name, value) {
  for (const [wanted, listener] of listeners) if (wanted === name) listener(value);
}

/** The same function, which warns where it would have thrown: the shop's page must not break. */
const guarded =
  (action) =>
  (...parameters) => {
    try {
      return action(...parameters);
    } catch (error) {
      console.warn('regulars:', error);
    }
  };

function send(type, fields) {
  if (sends() || waits()) deliver(createMessage(type, fields));
}

function viewPage(name, properties) {
  seePage();
  send('page', { name, properties: { ...describePage(), ...properties } });
}

const isObject = (value) => value && typeof value === 'object';

/** What `window.regulars` can do; docs/guide/snippet.md describes each. */
const methods = {
  track: (event, properties = {}) => event && send('track', { event, properties }),
  identify(id, traits, options) {
    // As in Segment's libraries, the id may be left out.
    if (isObject(id)) return methods.identify(0, id, traits);
    signIn(id && String(id), options?.token);
    send('identify', { traits });
    emit('identity');
  },
  page(name, properties) {
    if (isObject(name)) viewPage(undefined, name);
    // The plain call that other snippets ask for tells nothing new where this page was seen.
    else if (seePage() || name || properties) viewPage(name, properties);
  },
  group: (groupId, traits) => groupId && send('group', { groupId, traits }),
  alias: (userId, previousId = anonymousId) => userId && send('alias', { userId, previousId }),
  reset() {
    flush();
    renewIdentity();
    emit('identity');
  },
  consent(categories) {
    const stored = stores();
    answer(categories);
    release();
    if (!sends()) drop();
    // A withdrawal must reach the server, with the id that it is about: it is the last thing told.
    if (stored || sends()) deliver(createMessage('track', { event: 'Segment Consent Preference Updated' }));
    if (stored && !stores()) {
      flush();
      renewIdentity();
    } else keepIdentity();
    emit('identity');
  },
  ready: (listener) => listener(),
  on: (name, listener) => listeners.push([name, guarded(listener)]),
  flush: () => flush(),
  anonymousId: () => anonymousId,
  /** What the widgets need to speak to the server as this visitor. */
  configuration: () => ({
    base,
    writeKey: settings.writeKey,
    anonymousId: sends() ? anonymousId : undefined,
    token,
    stores: stores(),
  }),
  push(...calls) {
    for (const call of calls) {
      if (typeof call === 'function') methods.ready(call);
      else methods[call[0]](...[...call].slice(1));
    }
  },
};
for (const name in methods) methods[name] = guarded(methods[name]);

function begin(calls) {
  if (settings.autoPage !== 'off') {
    watchPages(viewPage);
    // The view comes before the events of this page, and after who is here and what they allow.
    const names = calls.map((call) => call?.[0]);
    const first = names.indexOf('track');
    if (!names.includes('page')) calls.splice(first < 0 ? calls.length : first, 0, ['page']);
  }
  for (const call of calls) methods.push(call);
  loadWidgets();
}

function start() {
  const queue = Array.isArray(window.regulars) ? window.regulars : [];
  if (queue.configuration) return;
  const calls = queue.splice(0);
  // The queue stays the same object, so that whoever kept it can go on pushing into it.
  window.regulars = Object.assign(queue, methods);
  keepIdentity();
  if (settings.identityToken) guarded(signIn)(0, settings.identityToken);
  startDelivery((batch) => emit('sent', batch));
  // A page that the browser prepares in advance has not been looked at.
  if (document.prerendering) document.addEventListener('prerenderingchange', guarded(() => begin(calls)));
  else guarded(begin)(calls);
}

start();

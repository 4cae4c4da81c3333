import { consentStamp, stores, waits } from './consent.js';
import { owns, token } from './identity.js';
import { base, settings } from './settings.js';
import { read, write } from './storage.js';

const IDLE = 200; // milliseconds without a new event after which events leave
const MOST_WAITING = 20; // events after which they leave at once
const MOST_KEPT = 100; // events kept for the next page
const LARGEST_MESSAGE = 32768; // bytes; the server refuses more
const LARGEST_BATCH = 60000; // bytes; browsers take 64 KiB of keepalive bodies in all
const LONGEST_PAUSE = 300; // seconds between two tries
const PATIENCE = 15000; // milliseconds for one answer

let waiting = (stores() && read('queue')) || [];
let travelling = [];
let failures = 0;
let notBefore = 0;
let timer;
let onSent;

const bytes = (message) => new Blob([JSON.stringify(message)]).size;

/** Keeps what is not yet with the server. Other tabs keep theirs in the same place, so this merges by message id. */
function keep(sent = []) {
  if (!stores()) return;
  const unsent = new Map();
  for (const message of [...(read('queue') || []), ...travelling, ...waiting]) unsent.set(message.messageId, message);
  for (const message of sent) unsent.delete(message.messageId);
  write('queue', unsent.size && [...unsent.values()].slice(-MOST_KEPT));
}

/** The next messages that may share one request: together small enough, and all or none of them made by who is here now. */
function takeBatch() {
  const owned = owns(waiting[0]);
  let count = 0;
  let size = 0;
  for (const message of waiting) {
    size += bytes(message) + 1;
    if (size > LARGEST_BATCH || owns(message) !== owned) break;
    count++;
  }
  return waiting.splice(0, count);
}

function schedule(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(milliseconds, notBefore - Date.now()));
}

/** Takes the batch off, or puts it back to be tried again. No answer counts as a failure of the network. */
function settle(batch, response) {
  const status = response ? response.status : 503;
  travelling = travelling.filter((message) => !batch.includes(message));
  if (status === 408 || status === 429 || status > 499) {
    // Half of the pause is chance, so that many browsers do not return at the same moment.
    const pause = 2 ** failures++ * (1 + Math.random()) / 2;
    const asked = response?.headers.get('Retry-After') || 0;
    notBefore = Date.now() + Math.min(Math.max(asked, pause) || pause, LONGEST_PAUSE) * 1000;
    waiting = [...batch, ...waiting].slice(-MOST_KEPT);
    keep();
  } else {
    failures = 0;
    keep(batch);
    if (response.ok) onSent(batch);
    else console.warn('regulars: events refused', status);
  }
  if (waiting.length) schedule(0);
}

function send(batch, leaving) {
  const url = base + 'v1/batch';
  const body = JSON.stringify({
    batch,
    sentAt: new Date().toISOString(),
    writeKey: settings.writeKey,
    identityToken: owns(batch[0]) ? token : undefined,
  });
  if (leaving && !('keepalive' in Request.prototype)) return navigator.sendBeacon(url, body);
  travelling.push(...batch);
  // A text body with everything inside needs no preflight.
  const request = { method: 'POST', body, keepalive: true, signal: AbortSignal.timeout?.(PATIENCE) };
  // The answer is read to its end: until then the browser counts the body among the 64 KiB.
  const finish = (response) => response.text().then(() => response);
  fetch(url, request).then(finish).catch(() => {}).then((response) => settle(batch, response));
}

/** Sends what waits, if now is the time. */
export function flush(leaving) {
  if (!waiting.length || waits()) return;
  // What is left behind goes into storage first: the last request of a page may die with it.
  if (leaving) keep();
  else if (travelling.length) return;
  // A server that asked for a pause gets it, unless this is the last chance.
  if (Date.now() >= notBefore || (leaving && !stores())) send(takeBatch(), leaving);
}

/** Puts a message into the queue. */
export function deliver(message) {
  if (bytes(message) > LARGEST_MESSAGE) return console.warn('regulars: event above 32 KiB');
  waiting = [...waiting, message].slice(-MOST_KEPT);
  if (waiting.length < MOST_WAITING) schedule(IDLE);
  else flush();
}

/** Events that waited for the answer carry it. */
export function release() {
  for (const message of waiting) message.context.consent = consentStamp();
}

/** Forgets everything that has not left yet. */
export function drop() {
  waiting = [];
  write('queue');
}

/** Begins to send, also what the page before left behind; `sent(batch)` is called for what the server has taken. */
export function startDelivery(sent) {
  onSent = sent;
  addEventListener('pagehide', () => flush(true));
  document.addEventListener('visibilitychange', () => document.hidden && flush(true));
  schedule(IDLE);
}

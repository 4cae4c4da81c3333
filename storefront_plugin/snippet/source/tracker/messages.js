import { consentStamp } from './consent.js';
import { anonymousId, newId, userId } from './identity.js';
import { referrer } from './pages.js';

/** The campaign that brought the visitor here, from the `utm_` parameters; undefined when there are none. */
function campaign() {
  let found;
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (key.startsWith('utm_')) (found = found || {})[key === 'utm_campaign' ? 'name' : key.slice(4)] = value;
  }
  return found;
}

/** The page as the Segment protocol describes it. */
export const describePage = () => ({
  path: location.pathname,
  referrer,
  search: location.search,
  title: document.title,
  url: location.href,
});

/** One message of the Segment protocol. The server adds address and browser from the request. */
export const createMessage = (type, fields) => ({
  type,
  anonymousId,
  userId,
  messageId: newId(),
  timestamp: new Date().toISOString(),
  context: {
    page: describePage(),
    campaign: campaign(),
    locale: navigator.language,
    library: { name: 'regulars.js', version: VERSION },
    consent: consentStamp(),
    globalPrivacyControl: navigator.globalPrivacyControl || undefined,
  },
  ...fields,
});

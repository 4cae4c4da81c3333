/** Asks the storefront API as this visitor; an answer other than 200 is an error. Missing parameters are left out. */
export async function ask(path, parameters, { token, signal } = {}) {
  const { base, writeKey, anonymousId } = regulars.configuration();
  const url = new URL('storefront/v1/' + path, base);
  const query = { write_key: writeKey, anonymous_id: anonymousId, ...parameters };
  for (const name in query) if (query[name]) url.searchParams.set(name, query[name]);
  const response = await fetch(url, { signal, headers: token ? { Authorization: 'Bearer ' + token } : {} });
  if (!response.ok) throw new Error('regulars: ' + path + ' answered ' + response.status);
  return response.json();
}

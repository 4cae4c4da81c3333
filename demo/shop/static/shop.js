// What the shop tells the snippet. Everything it says stands in data attributes that the server wrote; every page works without it.
(() => {
  const regulars = (window.regulars = window.regulars || []);
  const tell = (...call) => regulars.push(call);
  const properties = (element) => JSON.parse(element.dataset.properties || '{}');

  const { identify, reset } = document.body.dataset;
  if (reset !== undefined) tell('reset');
  if (identify) {
    const { user_id, traits, token } = JSON.parse(identify);
    tell('identify', user_id, traits, { token });
  }

  for (const element of document.querySelectorAll('[data-event]')) tell('track', element.dataset.event, properties(element));

  document.addEventListener('submit', ({ target }) => {
    const event = target.dataset.eventOnSubmit;
    if (!event) return;
    const quantity = Number(new FormData(target).get('quantity')) || properties(target).quantity || 1;
    tell('track', event, { ...properties(target), quantity });
  });

  // "Add all" of the bundle: the page's own product and what belongs to it, each told and put into the basket.
  document.addEventListener('regulars:add-all', ({ detail }) => {
    const form = document.getElementById('add-all');
    if (!form) return;
    for (const product_id of detail.product_ids) {
      const found = detail.items.find((item) => item.product_id === product_id);
      const { recommendation_id } = detail;
      const known = found ? { name: found.title, price: Number(found.price), recommendation_id } : {};
      tell('track', 'Product Added', { product_id, quantity: 1, ...known });
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'variant_id', value: product_id }));
    }
    form.submit();
  });

  for (const form of document.querySelectorAll('[data-autosubmit]')) {
    form.addEventListener('change', () => form.requestSubmit());
  }

  // The points page asks Regulars, as the person that the shop's server has vouched for.
  async function showMovements(section) {
    const { src, dataset } = document.querySelector('script[data-write-key]');
    const url = new URL('storefront/v1/me', src);
    url.searchParams.set('write_key', dataset.writeKey);
    const answer = await fetch(url, { headers: { Authorization: 'Bearer ' + dataset.identityToken } });
    const { movements } = answer.ok ? await answer.json() : {};
    for (const { at, why, points } of movements || []) {
      const line = section.querySelector('ol').appendChild(document.createElement('li'));
      const day = new Date(at).toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');
      const sign = points < 0 ? '−' : '+';
      for (const [tag, text] of [['time', day], ['span', why], ['b', sign + Math.abs(points).toLocaleString('en-GB')]]) {
        line.appendChild(document.createElement(tag)).textContent = text;
      }
    }
    section.hidden = !movements?.length;
  }
  const movements = document.querySelector('[data-movements]');
  if (movements) showMovements(movements).catch((error) => console.warn('The points could not be asked for.', error));

  for (const button of document.querySelectorAll('[data-consent]')) {
    button.addEventListener('click', () => {
      tell('consent', JSON.parse(button.dataset.consent));
      document.querySelector('[data-consent-answer]').textContent = button.dataset.say;
    });
  }

  document.querySelector('[data-focus]')?.focus();
})();

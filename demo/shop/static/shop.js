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

  for (const button of document.querySelectorAll('[data-consent]')) {
    button.addEventListener('click', () => {
      tell('consent', JSON.parse(button.dataset.consent));
      document.querySelector('[data-consent-answer]').textContent = button.dataset.say;
    });
  }

  document.querySelector('[data-focus]')?.focus();
})();

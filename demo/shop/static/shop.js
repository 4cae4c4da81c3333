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

  for (const form of document.querySelectorAll('[data-autosubmit]')) {
    form.querySelector('button').hidden = true;
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

/** A new element. Attributes that are functions listen to the event of their name; missing ones are left out. */
export function create(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child));
  return element;
}

/** An address of the web, or undefined: what a catalog says must not become a script. */
export function webAddress(text) {
  try {
    const url = new URL(text, location.href);
    return /^https?:$/.test(url.protocol) ? url.href : undefined;
  } catch {}
}

import text from './style.css';

// Constructed style sheets are what a strict Content-Security-Policy lets through.
function createSheet(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

const sheet = createSheet(text);
const block = createSheet(':host{display:block;contain:layout}');

/** Dresses a shadow root. */
export function adopt(root) {
  root.adoptedStyleSheets = [sheet];
  return root;
}

/** Gives the host a box of its own, or takes it back: an element that is not shown must not even part two margins. */
export function makeBlock(root, on) {
  root.adoptedStyleSheets = on ? [sheet, block] : [sheet];
}

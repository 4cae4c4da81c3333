import text from './style.css';

const sheet = new CSSStyleSheet();
sheet.replaceSync(text);

/** Dresses a shadow root. Constructed style sheets are what a strict Content-Security-Policy lets through. */
export function adopt(root) {
  root.adoptedStyleSheets = [sheet];
  return root;
}

// Builds what the server hands out: `node build.mjs [folder]` writes regulars.js, regulars-widgets-<hash>.js and regulars.css.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, 'built'));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

const minifyCss = async (path) =>
  (await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target: 'chrome111' })).code.trim();

/** Style sheets become strings: pages with a strict CSP take them by adoptedStyleSheets only. */
const styleSheets = {
  name: 'style-sheets-as-text',
  setup: ({ onLoad }) => onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await minifyCss(path), loader: 'text' })),
};

async function bundle(entry, define) {
  const result = await build({
    entryPoints: [join(here, 'source', entry, 'main.js')],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    // Whatever happens while the script starts, the page goes on.
    banner: { js: 'try{' },
    footer: { js: '}catch(e){console.warn("regulars:",e)}' },
    define: { VERSION: JSON.stringify(version), ...define },
    plugins: [styleSheets],
    write: false,
  });
  return result.outputFiles[0].text;
}

const widgets = await bundle('widgets', {});
const hash = createHash('sha256').update(widgets).digest('hex').slice(0, 12);
const widgetsFile = `regulars-widgets-${hash}.js`;
const tracker = await bundle('tracker', { WIDGETS_FILE: JSON.stringify(widgetsFile) });

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (/^regulars.*\.(js|css)$/.test(name)) rmSync(join(folder, name));
writeFileSync(join(folder, 'regulars.js'), tracker);
writeFileSync(join(folder, widgetsFile), widgets);
writeFileSync(join(folder, 'regulars.css'), (await minifyCss(join(here, 'source', 'reserve.css'))) + '\n');

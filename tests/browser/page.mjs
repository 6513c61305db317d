// Bundles the page and opens it in the browser, cut off from every network.
import { join } from 'node:path';
import { build } from 'esbuild';

/** The scripts and style sheets of the page. */
export async function bundle(here) {
  const result = await build({
    entryPoints: [join(here, 'page.jsx')], bundle: true, write: false, format: 'iife', outdir: '/', loader: { '.svg': 'dataurl', '.woff2': 'dataurl', '.woff': 'empty', '.ttf': 'empty' }, logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'window' }, jsx: 'automatic', platform: 'browser', external: ['stream', 'tty', 'util'],
  });
  const ending = (end) => result.outputFiles.filter((file) => file.path.endsWith(end)).map((file) => file.text);
  return { scripts: ending('.js'), styles: ending('.css') };
}

// What Grafana's global style sheet gives to buttons, links and sizes, as far as the panels need it.
const BASE = '*{box-sizing:border-box}button{color:var(--text);font:inherit;background:none;border:0}[data-panel] a{color:var(--link);text-decoration:none}p{margin:0 0 8px}.sr-only{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}';

/** A page that is ready to draw, and the list into which its errors go. */
export async function openPage(browser, { scripts, styles }) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const messages = [];
  page.on('console', (message) => message.type() === 'error' && messages.push(message.text().slice(0, 300)));
  page.on('pageerror', (error) => messages.push(error.message));
  // Nothing leaves the machine: every request is answered here, icons with an empty picture.
  await page.route('**/*', (route) => route.fulfill(route.request().url().endsWith('/')
    ? { contentType: 'text/html', body: `<!doctype html><style>${BASE}</style><body><div id="root"></div></body>` }
    : { contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }));
  await page.goto('http://localhost/');
  for (const content of styles) await page.addStyleTag({ content });
  for (const content of scripts) await page.addScriptTag({ content });
  if (messages.length > 0) throw new Error(messages.join('\n'));
  return { page, messages };
}

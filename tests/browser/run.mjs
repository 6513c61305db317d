// Draws every generated board in Chromium with Grafana's own components and fails on what a person would see as broken.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { drawnFaults, unknownOptions, withoutData } from './checks.mjs';
import { filesBelow, writeSeries } from './data.mjs';
import { answers, serve, variables } from './prometheus.mjs';
import { selfTest } from './self-test.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const WIDTH = 1600;
const PORT = Number(process.env.SLOSMITH_BROWSER_PORT ?? 20690);
const only = process.argv[2] ?? '';

async function bundle() {
  const result = await build({
    entryPoints: [join(here, 'page.jsx')], bundle: true, write: false, format: 'iife', outdir: '/', loader: { '.svg': 'dataurl', '.woff2': 'empty', '.ttf': 'empty' }, logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'window' }, jsx: 'automatic', platform: 'browser', external: ['stream', 'tty', 'util'],
  });
  const ending = (end) => result.outputFiles.filter((file) => file.path.endsWith(end)).map((file) => file.text);
  return { scripts: ending('.js'), styles: ending('.css') };
}

/** Draws one board and returns what is wrong with it. */
export async function drawBoard({ page, messages, board, end, chosen, picture }) {
  const board_values = await variables(PORT, board, end, chosen.variables);
  const faults = [];
  const found = {};
  const days = { m: 60, h: 3600, d: 86400 };
  const [, count, unit] = /^now-(\d+)([mhd])/.exec(board.time.from);
  const range = { from: (end - Number(count) * days[unit]) * 1000, to: end * 1000 };
  for (const panel of board.panels) {
    found[panel.id] = await answers(PORT, board, panel, board_values, end, Math.max(50, panel.gridPos.w * (WIDTH / 24) - 80));
    for (const text of [...unknownOptions(panel), ...withoutData(panel, found[panel.id], chosen.silent)]) faults.push(`${panel.title}: ${text}`);
  }
  for (const mode of ['light', 'dark']) {
    messages.length = 0;
    await page.evaluate(([one, data, span, theme, width]) => window.draw(one, data, span, theme, width), [board, found, range, mode, WIDTH]);
    await page.waitForTimeout(150);
    const colours = await page.evaluate((theme) => window.colours(theme), mode);
    faults.push(...(await page.evaluate(drawnFaults, { panels: board.panels, colours })), ...messages.map((text) => `console: ${text}`));
    if (picture) await page.screenshot({ path: `${picture}-${mode}.png`, fullPage: true });
  }
  return [...new Set(faults)];
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'slosmith-browser-'));
  const boards = filesBelow(join(root, 'generated/grafana/dashboards'), '.json').map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const end = Math.floor(Date.now() / 60000) * 60;
  const { silent, exhausted } = writeSeries(root, boards, join(folder, 'series.txt'), end);
  const chosen = { silent, variables: exhausted };
  let prometheus;
  let browser;
  let failed = 0;
  try {
    prometheus = await serve(folder, join(folder, 'series.txt'), PORT);
    const { scripts, styles } = await bundle();
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 1000 } });
    const messages = [];
    page.on('console', (message) => message.type() === 'error' && messages.push(message.text().slice(0, 300)));
    page.on('pageerror', (error) => messages.push(error.message));
    // Nothing leaves the machine: every request is answered here, icons with an empty picture.
    await page.route('**/*', (route) => route.fulfill(route.request().url().endsWith('/')
      ? { contentType: 'text/html', body: '<!doctype html><style id="buttons"></style><body><div id="root"></div></body>' }
      : { contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }));
    await page.goto('http://localhost/');
    for (const content of styles) await page.addStyleTag({ content });
    for (const text of scripts) await page.addScriptTag({ content: text });
    if (messages.length > 0) throw new Error(messages.join('\n'));
    mkdirSync(join(here, 'pictures'), { recursive: true });
    for (const board of boards.filter((one) => one.uid.includes(only))) {
      const faults = await drawBoard({ page, messages, board, end, chosen, picture: join(here, 'pictures', board.uid) });
      failed += faults.length;
      console.log(`${board.uid}: ${board.panels.length} panels${faults.map((text) => `\n  ${text}`).join('')}`);
    }
    const missed = await selfTest((board) => drawBoard({ page, messages, board, end, chosen }), boards);
    for (const text of missed) console.log(`self-test: ${text}`);
    failed += missed.length;
  } finally {
    await browser?.close();
    if (prometheus) {
      prometheus.kill();
      await new Promise((resolve) => prometheus.once('exit', resolve));
    }
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(failed === 0 ? 'every board is drawn well' : `${failed} faults`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();

// Draws every generated board in Chromium with Grafana's own components and fails on what a person would see as broken.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { drawBoard, gather } from './board.mjs';
import { bundle, openPage } from './page.mjs';
import { filesBelow, writeSeries } from './data.mjs';
import { serve } from './prometheus.mjs';
import { selfTest } from './self-test.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const PORT = Number(process.env.SLOSMITH_BROWSER_PORT ?? 20690);
const only = process.argv[2] ?? '';

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'slosmith-browser-'));
  const boards = filesBelow(join(root, 'generated/grafana/dashboards'), '.json').map((file) => JSON.parse(readFileSync(file, 'utf8')));
  // 22 minutes past a half or whole hour: no axis has a label at its ends.
  const end = Math.floor((Date.now() / 1000 - 1320) / 1800) * 1800 + 1320;
  const data = writeSeries(root, boards, join(folder, 'series.txt'), end);
  let prometheus;
  let browser;
  let failed = 0;
  try {
    const [server, parts] = await Promise.all([serve(folder, join(folder, 'series.txt'), PORT), bundle(here)]);
    prometheus = server;
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    const { page, messages } = await openPage(browser, parts);
    const world = { page, messages, boards, data, end, port: PORT };
    mkdirSync(join(here, 'pictures'), { recursive: true });
    const chosen = boards.filter((one) => one.uid.includes(only));
    // While the browser draws one board, Prometheus answers for the next; an error waits until its turn.
    const ask = (board) => {
      const asked = board && gather(world, board);
      asked?.catch(() => undefined);
      return asked;
    };
    let next = ask(chosen[0]);
    for (const [index, board] of chosen.entries()) {
      const gathered = await next;
      next = ask(chosen[index + 1]);
      const faults = await drawBoard(world, board, { gathered, picture: join(here, 'pictures', board.uid) });
      failed += faults.length;
      console.log(`${board.uid}: ${board.panels.length} panels${faults.map((text) => `\n  ${text}`).join('')}`);
    }
    const missed = await selfTest((board, options) => drawBoard(world, board, options), boards);
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

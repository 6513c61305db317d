// Draws one board in both themes and gathers what every check has to say about it.
import { annotationEvents, annotationFaults } from './annotations.mjs';
import { withoutData } from './empty.mjs';
import { addressFaults, headLinkFaults } from './links.mjs';
import { annotationSeries, answers, seconds, variables } from './prometheus.mjs';
import { unknownOptions } from './types.mjs';

const WIDTH = 1600;

async function annotate({ port, end }, board, values) {
  const range = seconds(board.time.from);
  const step = Math.max(60, Math.ceil(range / 10000 / 60) * 60);
  const faults = [];
  const found = [];
  for (const annotation of (board.annotations?.list ?? []).filter((one) => one.expr)) {
    const result = await annotationSeries(port, annotation, values, end, range, step);
    faults.push(...annotationFaults(annotation, result, board.panels));
    found.push({ annotation, result });
  }
  const events = (colours) => {
    const all = {};
    for (const { annotation, result } of found.filter((one) => one.annotation.enable)) {
      for (const [id, some] of annotationEvents(annotation, result, board.panels, colours, step)) all[id] = [...(all[id] ?? []), ...some];
    }
    return all;
  };
  return { faults, events };
}

async function linkFaults({ page, boards }) {
  const faults = [];
  const links = await page.evaluate(() => window.fieldLinks());
  for (const { panel, name, title, url } of links) {
    if (/\$\{/.test(title)) faults.push(`${panel}: a variable in the link ${title} of ${name} is not replaced`);
    faults.push(...addressFaults(url, boards).map((text) => `${panel}: link of ${name}: ${text}`));
  }
  for (const url of await page.evaluate(() => window.anchors())) faults.push(...addressFaults(url, boards));
  return faults;
}

/** What Prometheus has for a board, and what is wrong before anything is drawn. */
export async function gather(world, board) {
  const { data, end, port } = world;
  const values = await variables(port, board, end, data.exhausted);
  const range = { from: (end - seconds(board.time.from)) * 1000, to: end * 1000 };
  const linked = { ...values, __url_time_range: `from=${range.from}&to=${range.to}` };
  const width = (panel) => Math.max(50, panel.gridPos.w * (WIDTH / 24) - 80);
  const found = Object.fromEntries(await Promise.all(board.panels.map(async (panel) => [panel.id, await answers(port, board, panel, values, end, width(panel))])));
  const annotations = await annotate(world, board, values);
  const ofPanels = board.panels.flatMap((panel) => [...unknownOptions(panel), ...withoutData(board, panel, found[panel.id], data.written, data.silent)].map((text) => `${panel.title}: ${text}`));
  return { found, range, linked, events: annotations.events, faults: [...headLinkFaults(board, world.boards, linked), ...ofPanels, ...annotations.faults] };
}

/** Draws one board and returns what is wrong with it. `judged` holds the panels that the colours are compared with. */
export async function drawBoard(world, board, { gathered, picture, judged = board.panels, modes = ['light', 'dark'] } = {}) {
  const { page, messages } = world;
  const { found, range, linked, events, faults: before } = gathered ?? (await gather(world, board));
  const faults = [...before];
  // As high as the board, so that a picture of the whole does not lay it out anew.
  const bottom = Math.max(...board.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  await page.setViewportSize({ width: WIDTH, height: Math.max(1000, 38 * bottom + 8) });
  for (const mode of modes) {
    messages.length = 0;
    const colours = await page.evaluate((theme) => window.colours(theme), mode);
    await page.evaluate((input) => window.draw(input), { board, answers: found, events: events(colours), variables: linked, range, mode, width: WIDTH });
    faults.push(...(await page.evaluate(() => window.settled())));
    faults.push(...(await page.evaluate((panels) => window.faults(panels), judged)));
    if (picture) await page.screenshot({ path: `${picture}-${mode}.png` });
    if (mode === modes[0]) faults.push(...(await linkFaults(world)), ...(await page.evaluate((panels) => window.hover(panels), board.panels)));
    faults.push(...messages.map((text) => `console: ${text}`));
  }
  return [...new Set(faults)];
}

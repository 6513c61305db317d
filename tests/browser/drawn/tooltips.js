// Moves the pointer over a graph and reads its tooltip: every series with its value and the unit of the panel.
import { FieldType, getFieldDisplayName } from '@grafana/data';
import { configOf } from '../expected.js';

const UNITS = {
  percentunit: /%$/, percent: /%$/, s: /(ns|µs|ms|s|mins?|hours?|days?|weeks?|years?)$/, ms: /(ms|s|mins?)$/, bytes: /B$/, decbytes: /B$/, Bps: /B\/s$/, binBps: /B\/s$/, bps: /b\/s$/,
  reqps: / [munKMG]?req\/s$/, ops: / [munKMG]?ops\/s$/, pps: / [munkKMG]?p\/s$/, cps: / [munKMG]?c\/s$/, eps: / [munKMG]?evt\/s$/, currencyUSD: /^-?\$/, currencyEUR: /^-?€/, short: /\d( [KMB]| Mil| Bil)?$/, none: /\d$/, dtdurations: /\w$/,
};

/** The pattern that a value with this unit has to match. */
function pattern(unit) {
  if (unit?.startsWith('suffix:')) return new RegExp(`${unit.slice(7).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`);
  return UNITS[unit ?? 'short'];
}

const mapped = (mappings) => mappings.flatMap(({ options }) => (options.result ? [options.result] : Object.values(options)).map((result) => result.text));

const frames = (count) => new Promise((resolve) => { const next = (left) => (left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1))); next(count); });

async function hovered(over, id, act) {
  const { left, top, width, height } = over.getBoundingClientRect();
  const send = (type, share) => over.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: left + width * share, clientY: top + height / 2, movementX: 5, movementY: 1 }));
  send('mouseenter', 0.9);
  for (const share of [0.95, 0.9, 0.8, 0.6, 0.97]) {
    send('mousemove', share);
    let tooltip;
    for (let attempt = 0; attempt < 8 && !tooltip?.textContent.trim(); attempt += 1) {
      await frames(1);
      tooltip = document.querySelector(`[data-tooltip="${id}"]`);
    }
    if (tooltip?.querySelector('[data-testid=SeriesTableRow]')) {
      act(tooltip);
      break;
    }
  }
  send('mouseleave', -0.1);
  await frames(1);
}

/** Sentences on what the tooltip of a graph lacks. */
export async function hoverFaults({ section, panel, frames: drawn }) {
  const over = section.querySelector('.u-over');
  if (!over) return [];
  const faults = [];
  let rows;
  await hovered(over, panel.id, (tooltip) => {
    const box = tooltip.getBoundingClientRect();
    if (box.width > window.innerWidth || box.height > window.innerHeight) faults.push('the tooltip is larger than the window');
    rows = [...tooltip.querySelectorAll('[data-testid=SeriesTableRow]')].map((row) => [...row.children].map((cell) => cell.textContent.trim()).filter(Boolean));
  });
  if (!rows) return ['no tooltip appears'];
  const fields = drawn.flatMap((frame) => frame.fields.filter((field) => field.type === FieldType.number).map((field) => ({ name: getFieldDisplayName(field, frame, drawn), refId: frame.refId })));
  for (const [name, value] of rows) {
    const field = fields.find((one) => one.name === name);
    const { unit, mappings = [] } = configOf(panel, { name, refId: field?.refId, type: 'number' });
    if (!field) faults.push(`the tooltip names ${name}, no series of the panel`);
    else if (!mapped(mappings).includes(value) && !pattern(unit)?.test(value ?? '')) faults.push(`the tooltip shows ${name} as ${value}, not in ${unit ?? 'a plain number'}`);
  }
  if (panel.options.tooltip?.mode === 'multi' && rows.length === 0) faults.push('the tooltip is empty');
  return faults;
}

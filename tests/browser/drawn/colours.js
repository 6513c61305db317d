// Compares the colours on the page with those that the JSON of a panel demands for its values.
import { FieldType, formattedValueToString, getFieldDisplayName } from '@grafana/data';
import { configOf, expectedColour } from '../expected.js';
import { coloursOn } from './text.js';

function rgb(colour) {
  const context = document.createElement('canvas').getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return { red, green, blue, alpha };
}

function hue({ red, green, blue }) {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  if (most - least < 24) return undefined;
  const sector = most === red ? ((green - blue) / (most - least)) % 6 : most === green ? (blue - red) / (most - least) + 2 : (red - green) / (most - least) + 4;
  return (sector * 60 + 360) % 360;
}

const near = (one, other) => Math.abs(one.red - other.red) + Math.abs(one.green - other.green) + Math.abs(one.blue - other.blue) < 12;

function alike(one, other) {
  const [a, b] = [hue(one), hue(other)];
  if (a === undefined || b === undefined) return a === b;
  const distance = Math.abs(a - b);
  return Math.min(distance, 360 - distance) < 14;
}

/** The colours of an element and what it holds: of its text, its backgrounds, its shapes. */
function seen(element) {
  const inks = [];
  const grounds = [];
  for (const one of [element, ...element.querySelectorAll('*')]) {
    const style = getComputedStyle(one);
    if ([...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')) inks.push(one.tagName === 'text' ? style.fill : style.color);
    if (style.backgroundImage.includes('gradient')) grounds.push(...(style.backgroundImage.match(/rgba?\([^)]*\)/g) ?? []));
    if (!/^rgba\(.*, 0\)$/.test(style.backgroundColor)) grounds.push(style.backgroundColor);
    if (one.tagName === 'rect' || one.tagName === 'path') grounds.push(style.fill, style.stroke);
  }
  return { inks: inks.map(rgb), grounds: grounds.filter((colour) => colour !== 'none').map(rgb) };
}

// In the mode `value` text has the colour itself; grounds are shades of it, so that only their hue can be compared.
const WHERE = { stat: (panel) => (panel.options.colorMode === 'value' ? 'ink' : 'ground'), bargauge: () => 'ground', gauge: () => 'ground', 'state-timeline': () => 'ground' };

function judge(where, wanted, element) {
  const { inks, grounds } = seen(element);
  return where === 'ink' ? inks.some((one) => near(one, wanted)) : grounds.some((one) => alike(one, wanted));
}

function valueFaults({ section, panel }, theme) {
  if (panel.options?.colorMode === 'none') return [];
  return [...section.querySelectorAll('[data-value]')].flatMap((element) => {
    const value = element.dataset.value === 'null' ? null : Number(element.dataset.value);
    const colour = expectedColour(configOf(panel, { name: element.dataset.name, refId: element.dataset.query, type: 'number' }), value);
    if (!colour) return [];
    const right = judge(WHERE[panel.type](panel), rgb(theme.visualization.getColorByName(colour)), element);
    return right ? [] : [`${value} is not drawn in ${colour}, the colour of its threshold or mapping`];
  });
}

function cellFaults({ section, panel, frames }, theme) {
  const [frame] = frames;
  const fields = frame?.fields.filter((field) => !field.config.custom?.hideFrom?.viz) ?? [];
  return [...section.querySelectorAll('[role=gridcell]')].flatMap((cell) => {
    const field = fields[Number(cell.getAttribute('aria-colindex')) - 1];
    const name = field && getFieldDisplayName(field, frame, frames);
    const config = field && configOf(panel, { name, refId: frame.refId, type: field.type });
    const type = config?.custom?.cellOptions?.type;
    if (!/^(color-text|color-background|gauge)$/.test(type)) return [];
    const text = cell.textContent.trim();
    const values = [...field.values].filter((value) => formattedValueToString(field.display(value)).trim() === text);
    if (values.length === 0) return text === '' ? [] : [`the cell ${text} of ${name} shows no value of its column`];
    const colours = values.map((value) => expectedColour(config, value));
    if (colours.includes(undefined)) return [];
    const right = colours.some((colour) => judge(type === 'color-text' ? 'ink' : 'ground', rgb(theme.visualization.getColorByName(colour)), cell));
    return right ? [] : [`the cell ${text} of ${name} is not drawn in ${colours[0]}, the colour of its threshold or mapping`];
  });
}

function graphFaults({ section, panel, frames }, theme) {
  const canvas = section.querySelector('.uplot canvas');
  if (!canvas) return [];
  const used = [...coloursOn(canvas)].map(rgb).map((one) => ({ ...one, alpha: 255 }));
  const faults = [];
  for (const frame of frames) {
    for (const field of frame.fields.filter((one) => one.type === FieldType.number)) {
      const name = getFieldDisplayName(field, frame, frames);
      const config = configOf(panel, { name, refId: frame.refId, type: 'number' });
      if (config.color?.mode !== 'fixed' || config.custom?.hideFrom?.viz || [...field.values].every((value) => value === null)) continue;
      if (!used.some((one) => near(one, rgb(theme.visualization.getColorByName(config.color.fixedColor))))) faults.push(`${name} is not drawn in ${config.color.fixedColor}, its fixed colour`);
    }
  }
  const { thresholds, custom } = panel.fieldConfig.defaults;
  if (!['line', 'dashed', 'area', 'line+area', 'dashed+area'].includes(custom?.thresholdsStyle?.mode)) return faults;
  const all = frames.flatMap((frame) => frame.fields.filter((one) => one.type === FieldType.number).flatMap((field) => [...field.values])).filter(Number.isFinite);
  const least = Math.min(...all);
  const most = Math.max(...all);
  for (const { color, value } of thresholds.steps) {
    if (value === null || value < least || value > most || color === 'transparent') continue;
    if (!used.some((one) => near(one, rgb(theme.visualization.getColorByName(color))))) faults.push(`the threshold ${value} is not drawn in ${color}`);
  }
  return faults;
}

/** Sentences on values, cells, segments, lines and limits whose colour is not that of the JSON. */
export function colourFaults(one, theme) {
  if (one.panel.type === 'timeseries') return graphFaults(one, theme);
  if (one.panel.type === 'table') return cellFaults(one, theme);
  return WHERE[one.panel.type] ? valueFaults(one, theme) : [];
}

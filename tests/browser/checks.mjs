// What may be wrong with a drawn board; each check returns sentences, none when all is well.
import { readFileSync } from 'node:fs';

const SCHEMA = new URL('./node_modules/@grafana/schema/dist/types/raw/composable/', import.meta.url);
const COMMON = new URL('./node_modules/@grafana/schema/dist/types/common/common.gen.d.ts', import.meta.url);

/** Options of a panel that Grafana's published types do not have. */
export function unknownOptions(panel) {
  if (['row', 'text'].includes(panel.type)) return [];
  const types = readFileSync(new URL(`${panel.type.replace('-', '')}/panelcfg/x/types.gen.d.ts`, SCHEMA), 'utf8') + readFileSync(COMMON, 'utf8');
  const known = (name) => new RegExp(`^\\s*${name}\\??:`, 'm').test(types);
  const names = [...Object.keys(panel.options ?? {}), ...Object.keys(panel.fieldConfig?.defaults?.custom ?? {}),
    ...(panel.fieldConfig?.overrides ?? []).flatMap((one) => one.properties.map((property) => property.id)).filter((id) => id.startsWith('custom.')).map((id) => id.slice(7))];
  return names.filter((name) => !known(name)).map((name) => `option \`${name}\` is unknown to a panel of type ${panel.type}`);
}

/** Queries of a panel that find nothing, unless nothing is to be found. */
export function withoutData(panel, answers, silent) {
  if (!answers || answers.length === 0 || answers.some((answer) => answer.result.length > 0)) return [];
  const expected = answers.every((answer) => answer.query.includes(silent) || /\bALERTS\b/.test(answer.query) || /\bunless\b/.test(answer.query));
  return expected ? [] : ['no data'];
}

/** Runs in the page: text that is cut off, and stats whose colour is not that of their threshold. */
export function drawnFaults({ panels, colours }) {
  const faults = [];
  for (const section of document.querySelectorAll('[data-panel]')) {
    const panel = panels.find((one) => String(one.id) === section.dataset.panel);
    const fault = (text) => faults.push(`${panel.title}: ${text}`);
    const cut = [...section.querySelectorAll('h6, [data-stat] span, [data-stat] div, .name')].filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && getComputedStyle(one).overflow === 'hidden');
    for (const one of cut) fault(`text is cut off: ${one.textContent}`);
    const steps = panel.fieldConfig?.defaults?.thresholds?.steps ?? [];
    const plain = panel.fieldConfig?.defaults?.color?.mode === 'thresholds' && (panel.fieldConfig.overrides ?? []).length === 0 && (panel.fieldConfig.defaults.mappings ?? []).length === 0;
    if (!plain || panel.type !== 'stat' || panel.fieldConfig.defaults.thresholds.mode !== 'absolute') continue;
    for (const stat of section.querySelectorAll('[data-stat]')) {
      const number = Number(stat.dataset.number);
      const step = steps.filter((one) => one.value === null || number >= one.value).at(-1);
      const probe = document.createElement('i');
      probe.style.color = colours[step?.color] ?? step?.color ?? '';
      document.body.append(probe);
      const wanted = getComputedStyle(probe).color;
      probe.remove();
      if (stat.dataset.stat !== 'value' || !Number.isFinite(number)) continue;
      const seen = [...stat.querySelectorAll('span, div')].map((one) => getComputedStyle(one).color);
      if (!seen.includes(wanted)) fault(`${number} is not drawn in ${step?.color}, the colour of its threshold`);
    }
  }
  return faults;
}

// Draws a board's panels and judges what was drawn; the test calls `window.draw`, `window.faults`, `window.hover` and `window.fieldLinks`.
import 'uplot/dist/uPlot.min.css';
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { createTheme, getFieldDisplayName, locationUtil, ThemeContext } from '@grafana/data';
import { colourFaults } from './drawn/colours.js';
import { textFaults, watchCanvases } from './drawn/text.js';
import { hoverFaults } from './drawn/tooltips.js';
import { panelFrames } from './frames.js';
import { Body } from './panels.jsx';

const CELL = 38;
const GAP = 8;

watchCanvases();

class Guard extends React.Component {
  state = {};
  static getDerivedStateFromError(error) { return { error }; }
  componentDidCatch(error) { console.error(`${this.props.title}: ${error.message}`); }
  render() { return this.state.error ? <b>{this.state.error.message}</b> : this.props.children; }
}

function place(panel, unit) {
  const { x, y, w, h } = panel.gridPos;
  return { position: 'absolute', left: x * unit + GAP / 2, top: y * CELL + GAP / 2, width: w * unit - GAP, height: h * CELL - GAP, boxSizing: 'border-box' };
}

// The head has the marks that take room from the title in Grafana: description, links, an own time range.
function Head({ panel, theme }) {
  const mark = { flex: 'none', width: 24, textAlign: 'center', color: theme.colors.text.secondary };
  return (
    <div style={{ display: 'flex', height: 32, lineHeight: '32px', paddingLeft: 8 }}>
      <h6 style={{ margin: 0, fontSize: 14, lineHeight: '32px', fontWeight: 500, overflow: 'hidden', whiteSpace: 'nowrap', textOverflow: 'ellipsis' }}>{panel.title}</h6>
      {panel.description && <span style={mark}><svg width="14" height="14" viewBox="0 0 14 14" style={{ verticalAlign: -2 }} fill="none" stroke="currentColor"><circle cx="7" cy="7" r="6" /><path d="M7 6v5M7 3v1.5" /></svg></span>}
      {panel.links?.length > 0 && <span style={mark}><svg width="14" height="14" viewBox="0 0 14 14" style={{ verticalAlign: -2 }} fill="none" stroke="currentColor"><path d="M5 2H2v10h10V9M8 2h4v4M12 2L6 8" /></svg></span>}
      {panel.timeFrom && !panel.hideTimeOverride && <span style={{ ...mark, width: 'auto', fontSize: 12 }}>Last {panel.timeFrom}</span>}
    </div>
  );
}

let root;
let drawn;
window.draw = async ({ board, answers, events, variables, range, mode, width }) => {
  const theme = createTheme({ colors: { mode } });
  locationUtil.initialize({ config: { appSubUrl: '' }, getVariablesUrlParams: () => ({}), getTimeRangeForUrl: () => ({ from: range.from, to: range.to }) });
  await Promise.all(['400 12px Inter', '500 14px Inter'].map((font) => document.fonts.load(font)));
  const panels = await Promise.all(board.panels.map(async (panel) => ({ panel, frames: panel.targets ? await panelFrames(panel, answers[panel.id] ?? [], theme, variables) : [] })));
  const unit = width / 24;
  const bottom = Math.max(...board.panels.map((panel) => panel.gridPos.y + panel.gridPos.h));
  document.body.style.cssText = `margin:0;background:${theme.colors.background.canvas};color:${theme.colors.text.primary};font:14px/1.57 Inter,sans-serif`;
  document.body.style.setProperty('--text', theme.colors.text.primary);
  document.body.style.setProperty('--link', theme.colors.text.link);
  root ??= createRoot(document.getElementById('root'));
  const box = ({ panel, frames }) => {
    if (panel.type === 'row') return <div key={panel.id} style={{ ...place(panel, unit), fontWeight: 500, lineHeight: '30px' }}>{panel.title}</div>;
    const inner = { panel, frames, theme, range, events: events[panel.id] ?? [], width: panel.gridPos.w * unit - GAP - 2 - 16, height: panel.gridPos.h * CELL - GAP - 2 - 32 - 8 };
    return (
      <section key={panel.id} data-panel={panel.id} style={{ ...place(panel, unit), background: theme.colors.background.primary, border: `1px solid ${theme.colors.border.weak}`, borderRadius: 2, overflow: 'hidden' }}>
        <Head panel={panel} theme={theme} />
        <div style={{ padding: '0 8px', position: 'relative', height: inner.height, width: inner.width + 16 }}><Guard title={panel.title}><Body {...inner} /></Guard></div>
      </section>
    );
  };
  drawn = { board, theme, frames: Object.fromEntries(panels.map(({ panel, frames }) => [panel.id, frames])) };
  flushSync(() => root.render(<ThemeContext.Provider value={theme}><div key={board.uid + mode + Math.random()} style={{ position: 'relative', width, height: bottom * CELL + 8 }}>{panels.map(box)}</div></ThemeContext.Provider>));
};

const nextFrame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });

/** Waits until the page no longer changes: tables and graphs draw themselves in several steps. Returns what never came. */
window.settled = async () => {
  const state = () => {
    const waiting = [...document.querySelectorAll('[role=grid]')].filter((grid) => !grid.querySelector('[role=gridcell]')).length;
    return `${document.querySelectorAll('*').length} ${[...document.querySelectorAll('[role=grid]')].map((grid) => grid.style.gridTemplateColumns).join()} ${waiting}`;
  };
  for (let calm = 0, last = '', turn = 0; calm < 6 && turn < 300; turn += 1) {
    await nextFrame();
    const now = state();
    calm = now === last && now.endsWith(' 0') ? calm + 1 : 0;
    last = now;
  }
  return [...document.querySelectorAll('[role=grid]')].filter((grid) => !grid.querySelector('[role=gridcell]')).map((grid) => `${grid.closest('[data-panel]').querySelector('h6').textContent}: the table has no cells`);
};

const sections = (panels) => [...document.querySelectorAll('[data-panel]')].map((section) => ({ section, panel: panels.find((one) => String(one.id) === section.dataset.panel), frames: drawn.frames[section.dataset.panel] }));

/** Text that is cut off and colours that contradict the JSON of `panels`. */
window.faults = (panels) => sections(panels).flatMap((one) => [...textFaults(one.section), ...colourFaults(one, drawn.theme)].map((text) => `${one.panel.title}: ${text}`));

/** What the tooltips of the graphs lack. */
window.hover = async (panels) => {
  const faults = [];
  for (const one of sections(panels).filter(({ panel }) => panel.type === 'timeseries' && panel.options.tooltip?.mode !== 'none')) {
    for (const text of await hoverFaults(one)) faults.push(`${one.panel.title}: ${text}`);
  }
  return faults;
};

/** The addresses of every link on a field, for every row, with the variables replaced. */
window.fieldLinks = () => Object.entries(drawn.frames).flatMap(([id, frames]) => frames.flatMap((frame) => frame.fields.filter((field) => field.config.links?.length > 0).flatMap((field) =>
  Array.from({ length: frame.length }, (_, row) => field.getLinks({ valueRowIndex: row })).flat()
    .map((link) => ({ panel: drawn.board.panels.find((one) => String(one.id) === id).title, name: getFieldDisplayName(field, frame, frames), title: link.title, url: link.href, opensTab: link.target === '_blank' })))));

/** The addresses that the drawn page itself holds. */
window.anchors = () => [...document.querySelectorAll('[data-panel] a[href]')].map((anchor) => anchor.getAttribute('href'));

/** The colours that a theme gives to the names that annotations use. */
window.colours = (mode) => {
  const theme = createTheme({ colors: { mode } });
  return Object.fromEntries(['green', 'yellow', 'orange', 'red', 'blue', 'purple'].map((name) => [name, theme.visualization.getColorByName(name)]));
};

// Draws a board's panels with Grafana's own components; `window.draw` is what the test calls.
import 'uplot/dist/uPlot.min.css';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { createTheme, dateTime, FieldType, formattedValueToString, getDisplayValueAlignmentFactors, getFieldDisplayName, getFieldDisplayValues, renderTextPanelMarkdown, ThemeContext } from '@grafana/data';
import { BarGauge, BigValue, TimeSeries, VizRepeater } from '@grafana/ui';
import { panelFrames } from './frames.js';

const CELL = 38;

function values(panel, frames, theme) {
  return getFieldDisplayValues({
    fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: (text) => text, theme, data: frames, sparkline: panel.options.graphMode === 'area', timeZone: 'utc',
  });
}

function Stat({ panel, frames, theme, width, height }) {
  const shown = values(panel, frames, theme);
  const alignment = getDisplayValueAlignmentFactors(shown);
  const textMode = panel.options.textMode === 'auto' && shown.length === 1 ? 'value' : panel.options.textMode;
  const render = ({ value, width: w, height: h }) => (
    <div data-stat={panel.options.colorMode} data-color={value.display.color} data-number={value.display.numeric}>
      <BigValue value={panel.wrongColour ? { ...value.display, color: "#123456" } : value.display} count={shown.length} width={w} height={h} theme={theme} colorMode={panel.options.colorMode} graphMode={panel.options.graphMode}
        textMode={textMode} justifyMode={panel.options.justifyMode ?? 'auto'} sparkline={value.sparkline} alignmentFactors={alignment} />
    </div>
  );
  return <VizRepeater getValues={() => shown} renderValue={render} width={width} height={height} source={frames} orientation={panel.options.orientation} autoGrid renderCounter={0} getAlignmentFactors={() => alignment} />;
}

// The gauge of Grafana 13 is not exported; a bar gauge shows the same value, range and thresholds.
function Bars({ panel, frames, theme, width, height }) {
  const shown = values(panel, frames, theme);
  const alignment = getDisplayValueAlignmentFactors(shown);
  const render = ({ value, width: w, height: h }) => (
    <BarGauge value={value.display} width={w} height={h} theme={theme} field={value.field} display={value.view?.getFieldDisplayProcessor(value.colIndex)} orientation={panel.options.orientation ?? 'horizontal'}
      displayMode={panel.options.displayMode ?? 'basic'} valueDisplayMode={panel.options.valueMode} namePlacement={panel.options.namePlacement ?? 'hidden'} showUnfilled={panel.options.showUnfilled ?? true} alignmentFactors={alignment} />
  );
  return <VizRepeater getValues={() => shown} renderValue={render} width={width} height={height} source={frames} orientation="horizontal" renderCounter={0} minVizHeight={16} itemSpacing={8} getAlignmentFactors={() => alignment} />;
}

// The state timeline and the heatmap are no part of Grafana's packages: coloured blocks by the display processor of the field.
function Blocks({ frames, width, range, heat }) {
  const fields = frames.flatMap((frame) => frame.fields.filter((field) => field.type === FieldType.number).map((field) => ({ field, time: frame.fields[0], frame })));
  const most = Math.max(...fields.flatMap(({ field }) => [...field.values].filter(Number.isFinite)), 1e-9);
  return fields.map(({ field, time, frame }) => (
    <div key={getFieldDisplayName(field, frame, frames)} style={{ display: 'flex', height: heat ? 16 : 32, alignItems: 'center', marginBottom: heat ? 1 : 6 }}>
      <span className="name" style={{ width: 170, overflow: 'hidden', whiteSpace: 'nowrap' }}>{getFieldDisplayName(field, frame, frames)}</span>
      <svg width={Math.max(10, width - 180)} height="100%">{time.values.map((at, index) => (
        <rect key={at} x={((at - range.from) / (range.to - range.from)) * (width - 180)} y={0} width={(width - 180) / 120 + 6} height="100%"
          fill={heat ? `rgba(242,120,12,${Math.sqrt(field.values[index] / most) || 0})` : field.display(field.values[index]).color} />))}</svg>
    </div>
  ));
}

// Grafana's current table is not exported: the fields' own names, formats and colours, in plain rows; a sparkline is left out.
function Rows({ frames, height }) {
  const frame = frames[0];
  const fields = frame.fields.filter((field) => field.type !== FieldType.frame && !field.config.custom?.hidden);
  const rows = Array.from({ length: frame.length }, (_, index) => index);
  return (
    <div style={{ height, overflow: 'auto' }}><table style={{ width: '100%', textAlign: 'left' }}>
      <thead><tr>{fields.map((field) => <th key={field.name}>{getFieldDisplayName(field, frame, frames)}</th>)}</tr></thead>
      <tbody>{rows.map((row) => <tr key={row}>{fields.map((field) => {
        const shown = field.display(field.values[row]);
        return <td key={field.name} style={{ color: field.config.custom?.cellOptions ? shown.color : undefined }}>{formattedValueToString(shown)}</td>;
      })}</tr>)}</tbody>
    </table></div>
  );
}

function Body(props) {
  const { panel, frames, theme, width, height, range } = props;
  if (panel.type === 'text') return <div className="markdown" dangerouslySetInnerHTML={{ __html: renderTextPanelMarkdown(panel.options.content) }} />;
  if (frames.every((frame) => frame.length === 0)) return <div data-empty>{panel.fieldConfig?.defaults?.noValue ?? 'No data'}</div>;
  if (panel.type === 'stat') return <Stat {...props} />;
  if (panel.type === 'gauge' || panel.type === 'bargauge') return <Bars {...props} />;
  if (panel.type === 'table') return <Rows {...props} />;
  if (panel.type === 'state-timeline' || panel.type === 'heatmap') return <Blocks {...props} heat={panel.type === 'heatmap'} />;
  if (panel.type === 'timeseries') {
    const timeRange = { from: dateTime(range.from), to: dateTime(range.to), raw: { from: dateTime(range.from), to: dateTime(range.to) } };
    return <TimeSeries frames={frames} width={width} height={height} timeRange={timeRange} timeZone="utc" legend={panel.options.legend} options={panel.options} />;
  }
  throw new Error(`no drawing for a panel of type ${panel.type}`);
}

class Guard extends React.Component {
  state = {};
  static getDerivedStateFromError(error) { return { error }; }
  componentDidCatch(error) { console.error(`${this.props.title}: ${error.message}`); }
  render() { return this.state.error ? <b>{this.state.error.message}</b> : this.props.children; }
}

let root;
window.draw = async (board, answers, range, mode, width) => {
  const theme = createTheme({ colors: { mode } });
  const panels = await Promise.all(board.panels.map(async (panel) => ({ panel, frames: panel.targets ? await panelFrames(panel, answers[panel.id] ?? [], theme) : [] })));
  const unit = width / 24;
  const bottom = Math.max(...board.panels.map((panel) => panel.gridPos.y + panel.gridPos.h));
  document.body.style.cssText = `margin:0;background:${theme.colors.background.canvas};color:${theme.colors.text.primary};font:14px/1.57 Inter,sans-serif`;
  document.body.style.setProperty('--button-text', theme.colors.text.primary);
  document.getElementById('buttons').textContent = 'button{color:var(--button-text);font:inherit}';
  root ??= createRoot(document.getElementById('root'));
  const box = ({ panel, frames }) => {
    const { x, y, w, h } = panel.gridPos;
    const place = { position: 'absolute', left: x * unit + 4, top: y * CELL + 4, width: w * unit - 8, height: h * CELL - 8, boxSizing: 'border-box' };
    if (panel.type === 'row') return <div key={panel.id} style={{ ...place, fontWeight: 500 }}>{panel.title}</div>;
    const inner = { panel, frames, theme, range, width: w * unit - 26, height: h * CELL - 8 - 32 - 10 };
    return (
      <section key={panel.id} data-panel={panel.id} style={{ ...place, background: theme.colors.background.primary, border: `1px solid ${theme.colors.border.weak}`, borderRadius: 2, overflow: 'hidden' }}>
        <h6 style={{ margin: 0, padding: '0 8px', height: 32, lineHeight: '32px', fontSize: 14, fontWeight: 500, overflow: 'hidden', whiteSpace: 'nowrap' }}>{panel.title}</h6>
        <div style={{ padding: '0 8px', position: 'relative', height: inner.height, width: inner.width }}><Guard title={panel.title}><Body {...inner} /></Guard></div>
      </section>
    );
  };
  flushSync(() => root.render(<ThemeContext.Provider value={theme}><div key={board.uid + mode} style={{ position: 'relative', width, height: bottom * CELL + 8 }}>{panels.map(box)}</div></ThemeContext.Provider>));
};

/** The colours that a theme gives to the names that thresholds use. */
window.colours = (mode) => {
  const theme = createTheme({ colors: { mode } });
  return Object.fromEntries(['green', 'yellow', 'orange', 'red', 'blue', 'text'].map((name) => [name, theme.visualization.getColorByName(name)]));
};

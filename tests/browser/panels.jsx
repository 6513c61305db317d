// One component per kind of panel: Grafana's own where its packages have it, else a stand-in that uses the same fields and colours.
import { FieldType, formattedValueToString, getDisplayValueAlignmentFactors, getFieldDisplayName, getFieldDisplayValues, renderTextPanelMarkdown } from '@grafana/data';
import { BarGauge, BigValue, SeriesTable, TimeSeries, TooltipPlugin2, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { useLayoutEffect } from 'react';
import { timeRangeOf } from './frames.js';

function values(panel, frames, theme) {
  return getFieldDisplayValues({
    fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: (text) => text, theme, data: frames, sparkline: panel.options.graphMode === 'area', timeZone: 'utc',
  });
}

/** What the checks need to know of a drawn value: the field, its query and the number. */
function facts(value, frames) {
  const frame = frames.find((one) => one === value.view?.dataFrame) ?? frames[0];
  return { 'data-value': String(value.display.numeric), 'data-name': value.view ? getFieldDisplayName(frame.fields[value.colIndex], frame, frames) : value.name, 'data-query': frame?.refId };
}

function Stat({ panel, frames, theme, width, height }) {
  const shown = values(panel, frames, theme);
  const alignment = getDisplayValueAlignmentFactors(shown);
  const textMode = panel.options.textMode === 'auto' && shown.length === 1 ? 'value' : panel.options.textMode;
  const render = ({ value, width: w, height: h }) => (
    <div {...facts(value, frames)}>
      <BigValue value={value.display} count={shown.length} width={w} height={h} theme={theme} colorMode={panel.options.colorMode} graphMode={panel.options.graphMode}
        textMode={textMode} text={panel.options.text} disableWideLayout={panel.options.wideLayout === false} justifyMode={panel.options.justifyMode ?? 'auto'} sparkline={value.sparkline} alignmentFactors={alignment} />
    </div>
  );
  return <VizRepeater getValues={() => shown} renderValue={render} width={width} height={height} source={frames} orientation={panel.options.orientation} autoGrid renderCounter={0} getAlignmentFactors={() => alignment} />;
}

function Bars({ panel, frames, theme, width, height }) {
  const shown = values(panel, frames, theme);
  const alignment = getDisplayValueAlignmentFactors(shown);
  const render = ({ value, width: w, height: h }) => (
    <div {...facts(value, frames)}>
      <BarGauge value={value.display} width={w} height={h} theme={theme} field={value.field} display={value.view?.getFieldDisplayProcessor(value.colIndex)} orientation={panel.options.orientation ?? 'horizontal'}
        displayMode={panel.options.displayMode ?? 'basic'} valueDisplayMode={panel.options.valueMode} namePlacement={panel.options.namePlacement ?? 'auto'} showUnfilled={panel.options.showUnfilled ?? true} alignmentFactors={alignment} text={panel.options.text} />
    </div>
  );
  return <VizRepeater getValues={() => shown} renderValue={render} width={width} height={height} source={frames} orientation={panel.options.orientation ?? 'horizontal'} renderCounter={0} minVizHeight={16} itemSpacing={8} getAlignmentFactors={() => alignment} />;
}

// The radial gauge lives in Grafana's own tree: a half circle with the range, the steps and the colour of the field.
function Gauge({ panel, frames, theme, width, height }) {
  const [value] = values(panel, frames, theme);
  const { min = 0, max = 100, thresholds } = value.field;
  const radius = Math.min(width / 2, height) - 14;
  const share = (number) => Math.min(1, Math.max(0, (number - min) / (max - min)));
  const point = (part, r) => `${width / 2 - r * Math.cos(part * Math.PI)} ${height - 8 - r * Math.sin(part * Math.PI)}`;
  const arc = (from, to, r) => `M ${point(from, r)} A ${r} ${r} 0 0 1 ${point(to, r)}`;
  const steps = thresholds.steps.map((step, index) => ({ color: theme.visualization.getColorByName(step.color), from: share(step.value ?? min), to: share(thresholds.steps[index + 1]?.value ?? max) }));
  return (
    <svg width={width} height={height} {...facts(value, frames)}>
      <path d={arc(0, 1, radius - 9)} stroke={theme.colors.background.secondary} strokeWidth={16} fill="none" />
      <path d={arc(0, Math.max(share(value.display.numeric), 0.005), radius - 9)} stroke={value.display.color} strokeWidth={16} fill="none" />
      {steps.filter((step) => step.to > step.from).map((step) => <path key={step.color} d={arc(step.from, step.to, radius + 5)} stroke={step.color} strokeWidth={4} fill="none" />)}
      <text x={width / 2} y={height - 14} textAnchor="middle" fontSize={Math.min(40, radius / 3)} fill={value.display.color}>{formattedValueToString(value.display)}</text>
    </svg>
  );
}

function textWidth(text, font) {
  const context = document.createElement('canvas').getContext('2d');
  context.font = font;
  return context.measureText(text).width;
}

// The state timeline and the heatmap live in Grafana's own tree: coloured blocks by the display processor of the field.
function Blocks({ frames, width, height, range, theme, heat }) {
  const fields = frames.flatMap((frame) => frame.fields.filter((field) => field.type === FieldType.number).map((field) => ({ field, frame, times: frame.fields[0].values, name: getFieldDisplayName(field, frame, frames) })));
  if (heat) fields.reverse();
  const most = Math.max(...fields.flatMap(({ field }) => [...field.values].filter(Number.isFinite)), 1e-9);
  const left = Math.ceil(Math.max(...fields.map(({ name }) => textWidth(name, '12px Inter')))) + 8;
  const step = Math.min(...fields.flatMap(({ times }) => times.slice(1).map((at, index) => at - times[index])), range.to - range.from);
  const x = (at) => ((at - range.from) / (range.to - range.from)) * (width - left);
  const row = (height - 22) / fields.length;
  const runs = ({ field, times }) => times.reduce((all, at, index) => {
    const last = all.at(-1);
    if (!heat && last && last.value === field.values[index] && at - last.to <= 1) last.to = at + step;
    else all.push({ value: field.values[index], from: at, to: at + step });
    return all;
  }, []);
  return (
    <svg width={width} height={height} fontSize={12} fill={theme.colors.text.primary}>
      {fields.map((one, index) => (
        <g key={one.name} transform={`translate(0 ${index * row})`}>
          <text x={left - 8} y={row / 2 + 4} textAnchor="end">{one.name}</text>
          {runs(one).map(({ value, from, to }) => {
            const shown = one.field.display(value);
            const label = formattedValueToString(shown);
            const w = Math.max(1, x(Math.min(to, range.to)) - x(from));
            return (
              <g key={from} {...(heat ? {} : { 'data-value': String(value), 'data-name': one.name, 'data-query': one.frame.refId })}>
                <rect x={left + x(from)} y={row * 0.05} width={w} height={heat ? row - 1 : row * 0.9} fill={heat ? `rgba(242,120,12,${Math.sqrt(value / most) || 0})` : shown.color} />
                {!heat && textWidth(label, '12px Inter') < w - 6 && <text x={left + x(from) + 4} y={row / 2 + 4} fill={theme.colors.getContrastText(shown.color)}>{label}</text>}
              </g>
            );
          })}
        </g>
      ))}
      {[0.1, 0.3, 0.5, 0.7, 0.9].map((share) => (
        <text key={share} x={left + share * (width - left)} y={fields.length * row + 14} textAnchor="middle" fill={theme.colors.text.secondary}>
          {new Date(range.from + share * (range.to - range.from)).toISOString().slice(...(range.to - range.from > 864e5 ? [5, 10] : [11, 16]))}
        </text>
      ))}
    </svg>
  );
}

function Rows({ panel, frames, width, height, range }) {
  return (
    <TableNG data={frames[0]} width={width} height={height} noHeader={!panel.options.showHeader} sortBy={panel.options.sortBy} cellHeight={panel.options.cellHeight}
      timeRange={timeRangeOf(range)} fieldConfig={panel.fieldConfig} enableVirtualization={false} noValue={panel.fieldConfig.defaults.noValue} />
  );
}

// The tooltip's content is no part of the packages, its plugin and its rows are.
function Tooltip({ panel, config, frame, index, series }) {
  const single = panel.options.tooltip?.mode === 'single';
  const rows = frame.fields.map((field, at) => ({ field, at })).filter(({ field, at }) => at > 0 && (!single || at === series) && !field.config.custom?.hideFrom?.tooltip && index[at] !== null && index[at] !== undefined)
    .map(({ field, at }) => ({ number: field.values[index[at]], label: getFieldDisplayName(field, frame), value: formattedValueToString(field.display(field.values[index[at]])), color: config.series[at - 1]?.props.lineColor ?? field.display(field.values[index[at]]).color }))
    .filter(({ number }) => number !== null && number !== undefined);
  if (panel.options.tooltip?.sort === 'desc') rows.sort((one, other) => other.number - one.number);
  const time = frame.fields[0].values[index[0]];
  return <div data-tooltip={panel.id} style={{ padding: 8 }}><SeriesTable timestamp={new Date(time).toISOString().slice(0, 16).replace('T', ' ')} series={rows} /></div>;
}

// Grafana draws annotations with a plugin of its own tree: a dashed line with a mark at the foot.
function Annotations({ config, events }) {
  useLayoutEffect(() => {
    config.addHook('draw', (u) => {
      const { ctx, bbox } = u;
      ctx.save();
      for (const { from, to, color } of events) {
        const [start, end] = [from, to].map((at) => u.valToPos(Math.min(Math.max(at, u.scales.x.min), u.scales.x.max), 'x', true));
        ctx.strokeStyle = color;
        ctx.fillStyle = color;
        ctx.globalAlpha = 0.12;
        ctx.fillRect(start, bbox.top, end - start, bbox.height);
        ctx.globalAlpha = 1;
        ctx.setLineDash([5, 5]);
        ctx.strokeRect(start, bbox.top, 0, bbox.height);
        ctx.fillRect(start, bbox.top + bbox.height - 3, Math.max(3, end - start), 3);
      }
      ctx.restore();
    });
  }, [config]);
  return null;
}

function Graph({ panel, frames, width, height, range, events }) {
  return (
    <TimeSeries frames={frames} width={width} height={height} timeRange={timeRangeOf(range)} timeZone="utc" legend={panel.options.legend} options={panel.options}>
      {(config, frame) => (
        <>
          <Annotations config={config} events={events} />
          {panel.options.tooltip?.mode !== 'none' && <TooltipPlugin2 config={config} hoverMode={panel.options.tooltip?.mode === 'single' ? 0 : 1}
            render={(_, index, series) => <Tooltip panel={panel} config={config} frame={frame} index={index} series={series} />} />}
        </>
      )}
    </TimeSeries>
  );
}

const COMPONENTS = { stat: Stat, bargauge: Bars, gauge: Gauge, table: Rows, 'state-timeline': Blocks, heatmap: (props) => <Blocks {...props} heat />, timeseries: Graph };

/** The body of a panel, whatever its kind. */
export function Body(props) {
  const { panel, frames } = props;
  if (panel.type === 'text') return <div className="markdown" dangerouslySetInnerHTML={{ __html: renderTextPanelMarkdown(panel.options.content) }} />;
  const Component = COMPONENTS[panel.type];
  if (!Component) throw new Error(`no drawing for a panel of type ${panel.type}`);
  if (frames.every((frame) => frame.length === 0)) return <div data-empty style={{ textAlign: 'center', paddingTop: props.height / 2 - 12 }}>{panel.fieldConfig?.defaults?.noValue ?? 'No data'}</div>;
  return <Component {...props} />;
}

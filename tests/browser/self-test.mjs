// Breaks a copy of a board in one way after the other; a check that does not notice is broken itself.

const onlyPanel = (kind, title) => ({ kind, title });

// `judged` changes the copy that colours are compared with and leaves the drawn one alone.
const DEFECTS = [
  { what: 'a query that finds nothing', board: 'slo-fleet', panel: onlyPanel('stat'), expected: 'no data for query', seed: (panel) => { panel.targets[0].expr = 'slo:misspelt'; } },
  { what: 'a query whose series exist and that finds nothing', board: 'slo-fleet', panel: onlyPanel('stat'), expected: 'though every series that it selects exists', seed: (panel) => { panel.targets[0].expr = 'slo:objective:ratio > 2'; } },
  { what: 'a query that finds only NaN', board: 'slo-fleet', panel: onlyPanel('stat'), expected: 'nothing but NaN', seed: (panel) => { panel.targets[0].expr = '0 * slo:objective:ratio / 0'; } },
  { what: 'an option that a stat does not have', board: 'slo-fleet', panel: onlyPanel('stat'), expected: '`options.rowHeight` is unknown', seed: (panel) => { panel.options.rowHeight = 0.9; } },
  { what: 'a value that an option cannot have', board: 'slo-fleet', panel: onlyPanel('stat'), expected: '`options.graphMode` cannot be', seed: (panel) => { panel.options.graphMode = 'areas'; } },
  { what: 'a field option of another kind', board: 'slo-detail', panel: onlyPanel('timeseries'), expected: '`fieldConfig.custom.cellOptions` is unknown', seed: (panel) => { panel.fieldConfig.defaults.custom.cellOptions = { type: 'auto' }; } },
  { what: 'a title that is too long', board: 'slo-fleet', panel: onlyPanel('stat'), expected: 'text is cut off', seed: (panel) => { panel.title = 'A title that is far too long '.repeat(4); } },
  { what: 'a label of a bar that is too long', board: 'slo-fleet', panel: onlyPanel('bargauge'), expected: 'text is cut off', seed: (panel) => { panel.targets[0].legendFormat = `{{slo_service}} ${'and so on '.repeat(9)}`; } },
  { what: 'a column that is too narrow', board: 'slo-fleet', panel: onlyPanel('table'), expected: 'text is cut off', seed: (panel) => { panel.fieldConfig.overrides.push({ matcher: { id: 'byName', options: 'Service' }, properties: [{ id: 'custom.width', value: 60 }] }); } },
  { what: 'a table wider than its panel', board: 'slo-fleet', panel: onlyPanel('table'), expected: 'text is cut off', seed: (panel) => { panel.gridPos.w = 12; } },
  { what: 'a label of an axis that does not fit', board: 'slo-detail', panel: onlyPanel('timeseries'), expected: 'on an axis', seed: (panel) => { panel.fieldConfig.defaults.custom.axisWidth = 12; } },
  { what: 'a kind of panel that cannot be drawn', board: 'slo-fleet', panel: onlyPanel('stat'), expected: 'console:', seed: (panel) => { panel.type = 'piechart'; panel.options = {}; } },
  { what: 'a stat in the wrong colour', board: 'slo-fleet', panel: onlyPanel('stat', 'Budget exhausted'), expected: 'is not drawn in', judged: true, seed: wrongSteps },
  { what: 'a bar in the wrong colour', board: 'slo-fleet', panel: onlyPanel('bargauge'), expected: 'is not drawn in', judged: true, seed: wrongSteps },
  { what: 'a gauge in the wrong colour', board: 'slo-detail', panel: onlyPanel('gauge'), expected: 'is not drawn in', judged: true, seed: wrongSteps },
  { what: 'a cell in the wrong colour', board: 'slo-fleet', panel: onlyPanel('table'), expected: 'the cell', judged: true, seed: wrongSteps },
  { what: 'a stretch of a timeline in the wrong colour', board: 'slo-detail', panel: onlyPanel('state-timeline'), expected: 'is not drawn in', judged: true, seed: wrongSteps },
  { what: 'a limit in the wrong colour', board: 'slo-detail', panel: onlyPanel('timeseries', 'Error budget left (rolling window)'), expected: 'the threshold', judged: true, seed: wrongSteps },
  { what: 'a line in the wrong colour', board: 'slo-detail', panel: onlyPanel('timeseries', 'SLI and objective'), expected: 'its fixed colour', judged: true, seed: wrongSteps },
  { what: 'a tooltip without its unit', board: 'slo-detail', panel: onlyPanel('timeseries', 'SLI and objective'), expected: 'the tooltip shows', seed: (panel) => { panel.fieldConfig.defaults.unit = 'prefix:%'; } },
  { what: 'a link of a panel to a board that does not exist', board: 'slo-fleet', panel: onlyPanel('stat'), expected: 'leads to no board', seed: (panel) => { panel.links = [{ title: 'Away', type: 'link', url: '/d/slo-nowhere' }]; } },
  { what: 'a link with a variable that nobody sets', board: 'slo-fleet', panel: onlyPanel('table'), expected: 'is not replaced', seed: (panel) => { linkOf(panel).url += '&var-slo=${__data.fields.Missing}'; } },
  { what: 'a link that sets a variable unknown to its board', board: 'slo-fleet', panel: onlyPanel('table'), expected: 'does not have', seed: (panel) => { linkOf(panel).url += '&var-colour=red'; } },
  { what: 'an annotation without its label', board: 'slo-detail', panel: onlyPanel('timeseries'), expected: 'annotation', seed: (_, board) => { board.annotations.list[0].titleFormat = '{{alertname}} ({{colour}})'; } },
  { what: 'a link of the board to tags of no board', board: 'slo-fleet', panel: onlyPanel('stat'), expected: 'no board has the tags', seed: (_, board) => { board.links[0].tags = ['slo', 'nowhere']; } },
];

function linkOf(panel) {
  return panel.fieldConfig.overrides.flatMap((one) => one.properties).find((one) => one.id === 'links').value[0];
}

/** Gives every threshold, mapping and fixed colour of a panel a colour that nothing has. */
function wrongSteps(panel) {
  const pink = (config) => {
    for (const step of config.thresholds?.steps ?? []) step.color = '#ff00ff';
    for (const mapping of config.mappings ?? []) for (const result of Object.values(mapping.options.result ? { one: mapping.options.result } : mapping.options)) result.color = '#ff00ff';
    if (config.color?.fixedColor) config.color.fixedColor = '#ff00ff';
  };
  pink(panel.fieldConfig.defaults);
  for (const property of panel.fieldConfig.overrides.flatMap((one) => one.properties)) pink({ [property.id]: property.value });
}

/** Draws the broken copies with `draw`; returns the defects that went unnoticed. */
export async function selfTest(draw, boards) {
  const missed = [];
  for (const { what, board: uid, panel: wanted, expected, judged, seed } of DEFECTS) {
    const whole = boards.find((one) => one.uid === uid);
    const found = whole.panels.find((one) => one.type === wanted.kind && (wanted.title ?? one.title) === one.title);
    const broken = { ...structuredClone(whole), panels: [structuredClone(found)] };
    broken.panels[0].gridPos = { ...broken.panels[0].gridPos, x: 0, y: 0 };
    const sound = structuredClone(broken);
    seed(broken.panels[0], broken);
    const faults = await draw(judged ? sound : broken, { judged: broken.panels, modes: ['light'] });
    if (!faults.some((text) => text.includes(expected))) missed.push(`${what} went unnoticed; found: ${faults.join('; ') || 'nothing'}`);
  }
  return missed;
}

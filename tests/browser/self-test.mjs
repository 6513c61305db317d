// Breaks a copy of the fleet board in one way after the other; a check that does not notice is broken itself.

const DEFECTS = [
  { what: 'a query that finds nothing', expected: 'no data', seed: (panel) => { panel.targets[0].expr = 'slo:misspelt'; } },
  { what: 'an option that no panel has', expected: 'is unknown to a panel', seed: (panel) => { panel.options.colourMode = 'value'; } },
  { what: 'a title that is too long', expected: 'text is cut off', seed: (panel) => { panel.title = 'A title that is far too long '.repeat(4); } },
  { what: 'a panel that cannot be drawn', expected: 'console:', seed: (panel) => { panel.type = 'piechart'; panel.options = {}; } },
  { what: 'a colour that is not the threshold\'s', expected: 'the colour of its threshold', seed: (panel) => { panel.fieldConfig.defaults.color = { mode: 'thresholds' }; panel.fieldConfig.defaults.thresholds = { mode: 'absolute', steps: [{ color: 'green', value: null }] }; panel.fieldConfig.overrides = []; panel.wrongColour = true; } },
];

/** Draws the broken copies with `draw`; returns the defects that went unnoticed. */
export async function selfTest(draw, boards) {
  const fleet = boards.find((board) => board.uid === 'slo-fleet');
  const missed = [];
  for (const { what, expected, seed } of DEFECTS) {
    const board = { ...structuredClone(fleet), panels: [structuredClone(fleet.panels.find((panel) => panel.type === 'stat'))] };
    seed(board.panels[0]);
    const faults = await draw(board);
    if (!faults.some((text) => text.includes(expected))) missed.push(`${what} went unnoticed; found: ${faults.join('; ') || 'nothing'}`);
  }
  return missed;
}

// Decides from the written series which queries must answer, and which may not and why.

const WORDS = new Set(['or', 'and', 'unless', 'offset', 'bool', 'inf', 'nan', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'start', 'end']);

// Queries that compare or subtract sets, and find nothing in the data of this test.
const COMPARED = [
  { board: 'slo-detail', panel: 'SLI and objective', refId: 'C', why: 'only an SLO with groups has a worst one' },
  { board: 'slo-detail', panel: 'Error budget left (rolling window)', refId: 'B', why: 'only an SLO with groups has a worst one' },
];

const escape = (text) => text.replace(/\\(.)/g, '$1');

/** The selectors of a query: a name and matchers. */
export function selectors(query) {
  const plain = query.replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' $1 ').replace(/\[[^\]]*\]/g, ' ').replace(/\b(offset|@)\s*[-\w.]+/g, ' ');
  const found = [];
  const token = /("(?:[^"\\]|\\.)*")|([a-zA-Z_:][\w:]*)\s*(\{(?:[^}"]|"(?:[^"\\]|\\.)*")*\})?\s*(\()?/g;
  for (const [, text, name, body, call] of plain.matchAll(token)) {
    if (text || call || WORDS.has(name.toLowerCase())) continue;
    const matchers = [...(body ?? '').matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(([, label, operator, value]) => ({ label, operator, value: escape(value) }));
    found.push({ name, matchers });
  }
  return found;
}

function fits(labels, { label, operator, value }) {
  const own = labels[label] ?? '';
  if (operator === '=') return own === value;
  if (operator === '!=') return own !== value;
  return new RegExp(`^(?:${value})$`).test(own) === (operator === '=~');
}

/** Why the written series have nothing for a selector, where that is meant. */
function lackReason({ name, matchers }, silent) {
  if (name === 'ALERTS' || name === 'ALERTS_FOR_STATE') return 'no such alert has fired';
  const pinned = (label) => matchers.some((one) => one.label === label && one.operator === '=' && one.value === silent[label]);
  return pinned('slo_id') || (pinned('slo_service') && pinned('slo_name')) ? 'the SLO without data' : undefined;
}

/** Sentences on an answer: empty though the written series have what it asks for, or full though listed as empty. */
export function withoutData(board, panel, answers, written, silent) {
  const faults = [];
  for (const answer of answers ?? []) {
    const listed = COMPARED.find((one) => one.board === board.uid && one.panel === panel.title && one.refId === answer.refId);
    if (answer.result.length > 0 && answer.result.every((series) => series.values.every(([, value]) => value === 'NaN'))) faults.push(`query ${answer.refId} finds nothing but NaN`);
    if (answer.result.length > 0) {
      if (listed) faults.push(`query ${answer.refId} finds data, and is listed to be empty: ${listed.why}`);
      continue;
    }
    if (listed) continue;
    const lacking = selectors(answer.query).filter(({ name, matchers }) => !(written.get(name) ?? []).some((labels) => matchers.every((one) => fits(labels, one))));
    const unexplained = lacking.filter((one) => !lackReason(one, silent));
    if (lacking.length === 0) faults.push(`no data for query ${answer.refId}, though every series that it selects exists`);
    else if (unexplained.length > 0) faults.push(`no data for query ${answer.refId}: no series \`${unexplained[0].name}\` like this`);
  }
  return faults;
}

// Follows the links of a board: every variable replaced, every board and every variable at the other end there.
import { interpolate } from './interpolate.js';

const BASE = 'http://grafana.invalid';

/** Sentences on an address whose variables are replaced. */
export function addressFaults(url, boards) {
  if (/\$\{|\$\w|%24%7B|undefined/.test(url)) return [`a variable of ${url} is not replaced`];
  const address = new URL(url, BASE);
  if (address.origin !== BASE) return address.protocol === 'https:' && address.pathname.length > 1 ? [] : [`${url} is no complete address`];
  const [, uid] = /^\/d\/([\w-]+)$/.exec(address.pathname) ?? [];
  const board = boards.find((one) => one.uid === uid);
  if (!board) return [`${url} leads to no board`];
  const known = new Set((board.templating?.list ?? []).map((one) => one.name));
  const variables = [...address.searchParams.keys()].filter((name) => name.startsWith('var-')).map((name) => name.slice(4));
  const empty = [...address.searchParams].filter(([name, value]) => name.startsWith('var-') && value === '').map(([name]) => `${url} sets ${name} to nothing`);
  return [...variables.filter((name) => !known.has(name)).map((name) => `${url} sets the variable ${name}, which the board ${uid} does not have`), ...empty];
}

/** Sentences on the links in the heads of the board and of its panels. */
export function headLinkFaults(board, boards, variables) {
  const all = [...(board.links ?? []).map((link) => ({ link, place: 'link' })), ...board.panels.flatMap((panel) => (panel.links ?? []).map((link) => ({ link, place: `${panel.title}: link` })))];
  return all.flatMap(({ link, place }) => {
    const say = (texts) => texts.map((text) => `${place} ${link.title}: ${text}`);
    if (link.type !== 'dashboards') return say(addressFaults(interpolate(link.url, variables), boards));
    const others = boards.filter((one) => one.uid !== board.uid && link.tags.every((tag) => one.tags.includes(tag)));
    return say(others.length === 0 ? [`no board has the tags ${link.tags.join(', ')}`] : []);
  });
}

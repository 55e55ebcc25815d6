// Data as a page has it, made from a few events.

import { gzipSync } from 'node:zlib';

export const dimensions = [
  'actor', 'key', 'action', 'account', 'resource', 'address', 'from', 'match', 'kind', 'flags', 'signals',
  'candidates',
];
const kinds = ['', 'internal', 'external', 'automation', 'unknown'];
// The Monday before 1970, where the first stretch of time begins.
export const origin = -3 * 86_400;
export const noon = Date.UTC(2026, 10, 20, 12);
export const hour = 3_600_000;

// An event has a time, names by dimension, and perhaps a text. Names that are `folded` are not told apart in
// the counts; `width` is the length of a stretch of time in seconds.
export function dataOf(events, {
  width = 3600, folded = {}, keys = {}, archive = {}, attribution = 'attribution', ...others
} = {}) {
  const ofAll = value => Object.fromEntries(dimensions.map(dimension => [dimension, value(dimension)]));
  const names = ofAll(dimension => namesOf(events, dimension, folded));
  const code = (event, dimension) => codeOf(names[dimension], event[dimension], dimension);
  const bucket = event => event.time === null ? 0 : Math.floor((event.time / 1000 - origin) / width);
  const timed = events.filter(event => event.time !== null);
  const base = timed.length ? Math.min(...timed.map(bucket)) : 0;
  const cells = events.map(event => [
    event.time === null ? 0 : bucket(event) - base + 1, 1,
    ...dimensions.map(dimension => {
      const number = code(event, dimension);
      return names[dimension][number][4] ? 1 : number;
    }),
  ]).sort((left, right) => left[0] - right[0]);
  const times = timed.map(event => event.time);
  return {
    title: 'nightly', filter: '', events: events.length, loose: [],
    timeless: events.length - timed.length, unreadable: 0, width, origin, listed: 2000,
    span: timed.length ? [Math.min(...times), Math.max(...times)] : [null, null],
    names,
    distinct: ofAll(dimension => names[dimension].length - 2),
    keys: names.key.map(([id]) => keys[id] ?? ['', '', '', '']),
    blocks: names.address.map(([address]) => address && address.replace(/\d+$/, '0/24')),
    cube: { base, ...columnsOf(cells) },
    details: {
      budget: 1000, parts: ['a/part.ndjson.gz'], attributions: [attribution],
      rows: events.map((event, line) => [
        event.time, ...dimensions.map(dimension => code(event, dimension)), 0, line + 1, event.text ?? '{}',
      ]),
    },
    archive: {
      head: 'ab12', signed_by: '', findings: null, pinned: false, commits: 1, parts: 1, bytes: 1234,
      read: events.length, written: events.length, duplicates: 0, filtered: 0, quarantined: 0,
      first: noon, last: noon, newest: [], ...archive,
    },
    ...others,
  };
}

function namesOf(events, dimension, folded) {
  if (dimension === 'kind') return kinds.map(kind => [kind, 0, null, null, 0]);
  const counts = new Map();
  for (const { [dimension]: name } of events) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ranked = [...counts].sort((left, right) => right[1] - left[1]);
  const isFolded = name => folded[dimension]?.includes(name) ? 1 : 0;
  const others = ranked.reduce((sum, [name, count]) => sum + (isFolded(name) ? count : 0), 0);
  return [['', 0, null, null, 0], ['', others, null, null, 0],
    ...ranked.map(([name, count]) => [name, count, noon, noon, isFolded(name)])];
}

function codeOf(names, name, dimension) {
  if (!name) return 0;
  return names.findIndex((entry, code) => entry[0] === name && (code > 1 || dimension === 'kind'));
}

// Columns as they are packed: numbers of one to four bytes, the lowest first.
export function columnsOf(cells) {
  const bytes = [];
  const widths = [];
  for (let column = 0; column < dimensions.length + 2; column++) {
    const numbers = cells.map(cell => cell[column]);
    const most = Math.max(0, ...numbers);
    const width = most < 1 << 8 ? 1 : most < 1 << 16 ? 2 : most < 1 << 24 ? 3 : 4;
    widths.push(width);
    for (const number of numbers) for (let at = 0; at < width; at++) bytes.push(number >>> 8 * at & 255);
  }
  return { size: cells.length, widths, gzip: gzipSync(Uint8Array.from(bytes)).toString('base64') };
}

// A model of the data, with its counts made.
export async function modelOf(page, data) {
  const columns = await page.readColumns(data.cube, ['time', 'count', ...dimensions]);
  const model = new page.Model(data, columns, () => model.count());
  model.count();
  return model;
}

// Five events: three of Jane, two of them by one key; one of Jörg; one of somebody unknown without a time.
export const events = [
  {
    time: noon, actor: 'jane', key: 'K1', action: 'read', account: 'acme', resource: 'stack',
    address: '192.0.2.1', from: 'claim:email', match: 'token', kind: 'internal',
    text: '{"attribution":{"claims":{"email":"jane@example.com"}}}',
  },
  {
    time: noon + hour, actor: 'jane', key: 'K1', action: 'write', account: 'acme', address: '192.0.2.9',
    from: 'claim:email', match: 'sole', kind: 'internal', flags: '["skew"]', signals: '["odd_hour","odd"]',
  },
  {
    time: noon + 2 * hour, actor: 'jane', action: 'read', account: 'globex', from: 'actor',
    match: 'not_applicable', kind: 'external',
  },
  { time: noon + 26 * hour, actor: 'jörg', action: 'read', signals: '["odd"]' },
  { time: null, action: 'read' },
];
// Two in which nobody is named, beside one of Jane.
export const ambiguous = [
  {
    time: noon, actor: 'ci', key: 'K1', from: 'key_name', match: 'ambiguous', candidates: '["jane","joe"]',
    text: '{"attribution":{"candidates":["jane","joe"],"candidates_total":2}}',
  },
  {
    time: noon + hour, actor: 'ci', key: 'K1', from: 'key_name', match: 'ambiguous',
    candidates: '["jane","j, (+1)","jim","jöe",3]',
  },
  { time: noon, actor: 'jane', key: 'K1', from: 'claim:email', match: 'token' },
];
export const keys = { K1: ['ci', 'oidc', 'ops', '["a","b"]'] };

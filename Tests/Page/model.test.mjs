import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './page.mjs';
import { columnsOf, dataOf, dimensions, events, hour, keys, modelOf, noon } from './sample.mjs';

const page = load();
const sample = options => modelOf(page, dataOf(events, { keys, ...options }));
const code = (model, dimension, name) => model.names[dimension].findIndex(entry => entry.name === name);

test('columns have numbers of one to four bytes', async () => {
  const row = [1, 255, 256, 65_535, 65_536, 0xff_ffff, 0x100_0000, 0xffff_ffff, 0, 7, 8, 9, 10, 11];
  const cube = columnsOf([row, row.map(() => 0), row]);
  const names = ['time', 'count', ...dimensions];
  const columns = await page.readColumns(cube, names);
  assert.deepEqual(cube.widths, [1, 1, 2, 2, 3, 3, 4, 4, 1, 1, 1, 1, 1, 1]);
  names.forEach((name, at) => assert.deepEqual([...columns[name]], [row[at], 0, row[at]]));
});

test('names are clean, and what has none says so', async () => {
  const model = await modelOf(page, dataOf([{ ...events[0], actor: 'j\u202ea' }, { time: null }], { keys }));
  assert.equal(model.nameOf('actor', 2), 'j\uFFFDa');
  assert.equal(model.nameOf('actor', page.OTHERS), 'others');
  assert.equal(model.nameOf('actor', page.NOTHING), 'none');
  assert.equal(model.nameOf('account', page.NOTHING), 'no account');
  assert.equal(model.nameOf('match', page.NOTHING), 'not attributed');
  assert.equal(model.nameOf('kind', 1), 'internal');
  assert.equal(model.keyName(2), 'ci');
  assert.equal(model.nameOf('key', 2), 'K1');
  assert.equal(model.keyName(page.NOTHING), 'none');
});

test('without a filter all events count', async () => {
  const model = await sample();
  assert.equal(model.total, 5);
  assert.deepEqual(model.ranked('actor').map(actor => model.nameOf('actor', actor)), ['jane', 'jörg']);
  assert.equal(model.sums.actor[page.NOTHING], 1);
  assert.deepEqual(model.ranked('account').map(account => model.nameOf('account', account)),
    ['no account', 'acme', 'globex']);
});

test('filters of several dimensions must all pass', async () => {
  const model = await sample();
  model.pick('actor', code(model, 'actor', 'jane'));
  assert.equal(model.total, 3);
  model.pick('action', code(model, 'action', 'read'));
  assert.equal(model.total, 2);
  assert.ok(model.isOn('action', code(model, 'action', 'read')));
  model.pick('action', code(model, 'action', 'read'));
  assert.equal(model.total, 3);
  model.clear();
  assert.equal(model.total, 5);
  assert.equal(model.filters.size, 0);
});

test('a member of a set passes wherever it is', async () => {
  const model = await sample();
  assert.deepEqual(model.memberSums('signals'), [['odd', 2], ['odd_hour', 1]]);
  model.pickMember('signals', 'odd');
  assert.equal(model.total, 2);
  model.pickMember('signals', 'odd_hour');
  assert.equal(model.total, 1);
});

test('a member that is twice in a set counts once', async () => {
  const model = await modelOf(page, dataOf([{ time: noon, signals: '["odd","odd"]' }]));
  assert.deepEqual(model.memberSums('signals'), [['odd', 1]]);
});

test('names of one count come in the order of their letters', async () => {
  const marked = ['c', 'a', 'b'].map(name => ({ time: noon, signals: `["${name}"]` }));
  const model = await modelOf(page, dataOf(marked));
  assert.deepEqual(model.memberSums('signals'), [['a', 1], ['b', 1], ['c', 1]]);
});

test('events that nobody classified are unknown', async () => {
  const model = await sample();
  model.pickKind(page.UNKNOWN_KIND);
  assert.equal(model.total, 2);
  model.pickKind(1);
  assert.equal(model.total, 2);
  assert.equal(model.filters.get('kind').label, 'internal');
});

test('a time takes in the whole stretch that it lies in, and no event without one', async () => {
  const model = await sample();
  model.setTime(noon + hour + 1, null);
  assert.equal(model.since, noon + hour);
  assert.equal(model.total, 3);
  model.setTime(null, noon + hour + 1);
  assert.equal(model.until, noon + 2 * hour);
  assert.equal(model.total, 2);
  model.setTime(noon, noon + hour);
  assert.deepEqual([model.since, model.until, model.total], [noon, noon + hour, 1]);
  model.setTime(null, null);
  assert.equal(model.total, 5);
});

test('of the whole, names that cells do not tell apart have counts', async () => {
  const model = await sample({ folded: { actor: ['jane'] } });
  const jane = code(model, 'actor', 'jane');
  assert.equal(model.sums.actor[jane], 3);
  assert.equal(model.sums.actor[page.OTHERS], 0);
  assert.ok(!model.isPickable('actor', jane));
  model.pick('action', code(model, 'action', 'write'));
  assert.equal(model.sums.actor[jane], 0);
  assert.equal(model.sums.actor[page.OTHERS], 1);
  assert.deepEqual(model.folded, ['actor']);
});

test('what comes together with a name', async () => {
  const model = await sample();
  const jane = code(model, 'actor', 'jane');
  const [[byKey, kinds]] = model.together('actor', [jane], 'key', 'kind');
  assert.deepEqual([...byKey], [[page.NOTHING, 1], [code(model, 'key', 'K1'), 2]]);
  assert.deepEqual([...kinds], [[1, 2], [2, 1]]);
  assert.deepEqual(page.mostFrequent(byKey), [code(model, 'key', 'K1'), page.NOTHING]);
});

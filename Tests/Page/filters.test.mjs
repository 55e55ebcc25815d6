import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, events, hour, keys, modelOf, noon } from './sample.mjs';

async function bar(options = {}) {
  const document = documentOf();
  const page = load(document);
  const model = await modelOf(page, dataOf(events, { keys, ...options }));
  const view = new page.FilterBar(model);
  model.changed = () => {
    model.count();
    view.draw();
  };
  view.draw();
  const byID = id => document.getElementById(id);
  const type = (id, text) => {
    byID(id).value = text;
    byID(id).send('change');
  };
  return { document, model, byID, type, status: () => byID('status').text, chips: () => byID('chips').text };
}

test('a date that is none or half typed is no date', () => {
  const { dateOf } = load();
  assert.equal(dateOf('2026-11-20'), Date.UTC(2026, 10, 20));
  assert.equal(dateOf('2026-11-20', 24 * hour), Date.UTC(2026, 10, 21));
  for (const date of ['', '0202-11-20', '2026-13-01', 'x']) assert.equal(dateOf(date), null);
});

test('the status says how many events are left of how many', async () => {
  const { status, type } = await bar();
  assert.equal(status(), '5 events, no filter');
  type('f-actor', 'jane');
  assert.equal(status(), '3 of 5 events');
});

test('one event is said to be one', async () => {
  const document = documentOf();
  const page = load(document);
  const one = new page.FilterBar(await modelOf(page, dataOf(events.slice(0, 1))));
  one.draw();
  assert.equal(document.getElementById('status').text, '1 event, no filter');
});

test('the status of a report on some events says so', async () => {
  const { status } = await bar({ filter: 'actor jane' });
  assert.equal(status(), '5 events of those asked for');
});

test('times that are counted in long stretches are said', async () => {
  const { status, type } = await bar({ width: 604_800 });
  type('f-since', '2026-11-20');
  assert.match(status(), /; times are counted by 7 days$/);
});

test('what a text cannot find is said', async () => {
  const { status, type } = await bar({ folded: { actor: ['jörg'] } });
  type('f-actor', 'j');
  assert.equal(status(),
    '3 of 5 events; names counted as “others” are not among them: ask trailmill report --actor');
});

test('the option that finds it is one that the program has; without one none is named', async () => {
  const blocks = await bar({ folded: { address: ['192.0.2.9'], flags: ['["skew"]'] } });
  blocks.model.toggle('address', '192.0.2.0/24', '192.0.2.0/24', () => true);
  assert.match(blocks.status(), /are not among them: ask trailmill report --ip$/);
  blocks.model.clear();
  blocks.model.pickMember('flags', 'skew');
  assert.match(blocks.status(), /are not among them$/);
  const signals = await bar({ folded: { actor: ['jörg'], signals: ['["odd"]'] } });
  signals.model.pick('actor', 2);
  signals.model.pickMember('signals', 'odd');
  assert.match(signals.status(), /ask trailmill report --signal$/);
});

test('a chip takes its filter away', async () => {
  const { byID, chips, document, model, type } = await bar();
  type('f-key', 'ci');
  type('f-since', '2026-11-20');
  assert.equal(chips(), 'key: \u2068ci\u2069 ×from 2026-11-20 00:00 ×');
  byID('chips').querySelector('button').send('click');
  assert.equal(chips(), 'from 2026-11-20 00:00 ×');
  assert.equal(byID('f-key').value, '');
  assert.equal(document.activeElement, byID('chips').querySelector('button'));
  byID('chips').querySelector('button').send('click');
  assert.equal(chips(), '');
  assert.equal(document.activeElement, byID('f-actor'));
  assert.deepEqual([model.filters.size, model.since], [0, null]);
});

test('a chip of two times is the stretch between them', async () => {
  const { chips, model } = await bar();
  model.setTime(noon, noon + hour);
  assert.equal(chips(), '20 Nov 2026, 12:00–13:00 ×');
  model.setTime(null, noon);
  assert.equal(chips(), 'before 2026-11-20 12:00 ×');
});

test('fields say what is filtered, but for the one with the focus', async () => {
  const { byID, model, type } = await bar();
  byID('f-actor').focus();
  type('f-actor', ' jane ');
  assert.equal(byID('f-actor').value, ' jane ');
  byID('f-key').focus();
  model.setTime(noon, Date.UTC(2026, 10, 22));
  assert.equal(byID('f-actor').value, 'jane');
  assert.deepEqual([byID('f-since').value, byID('f-until').value], ['2026-11-20', '2026-11-21']);
});

test('Clear takes all away, and Enter sends no form', async () => {
  const { byID, model, type } = await bar();
  type('f-actor', 'jane');
  type('f-until', '2026-11-20');
  assert.equal(model.total, 3);
  byID('reset').send('click');
  assert.deepEqual([model.total, model.filters.size, model.until], [5, 0, null]);
  assert.ok(byID('form').send('submit').isPrevented);
});

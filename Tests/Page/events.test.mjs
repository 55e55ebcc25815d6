import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, events, hour, keys, modelOf, noon } from './sample.mjs';

async function list(all = events, options = {}) {
  const document = documentOf();
  const page = load(document);
  const model = await modelOf(page, dataOf(all, { keys, ...options }));
  const shown = [];
  const view = new page.EventList(model, row => shown.push(row && row[view.at.line]));
  model.changed = () => {
    model.count();
    view.draw();
  };
  view.draw();
  const byID = id => document.getElementById(id);
  const rows = () => byID('sizer').querySelectorAll('.event');
  return { model, view, shown, byID, host: byID('list'), rows };
}

test('keys choose a row, and never one that is not there', () => {
  const { chosenByKey } = load();
  assert.equal(chosenByKey('ArrowDown', -1, 20, 5), 0);
  assert.equal(chosenByKey('ArrowDown', 3, 20, 5), 4);
  assert.equal(chosenByKey('ArrowUp', 3, 20, 5), 2);
  assert.equal(chosenByKey('ArrowUp', 0, 20, 5), 0);
  assert.equal(chosenByKey('ArrowUp', -1, 20, 5), 0);
  assert.equal(chosenByKey('PageDown', 3, 20, 5), 8);
  assert.equal(chosenByKey('PageDown', 18, 20, 5), 19);
  assert.equal(chosenByKey('PageUp', 3, 20, 5), 0);
  assert.equal(chosenByKey('Home', 9, 20, 5), 0);
  assert.equal(chosenByKey('End', 9, 20, 5), 19);
  for (const key of ['Tab', 'Enter', 'a', 'constructor']) assert.equal(chosenByKey(key, 3, 20, 5), null);
});

test('the keyboard walks through the list, and other keys are left to the browser', async () => {
  const { host, shown, view } = await list();
  assert.ok(host.send('keydown', { key: 'ArrowDown' }).isPrevented);
  assert.ok(host.send('keydown', { key: 'End' }).isPrevented);
  assert.ok(!host.send('keydown', { key: 'Tab' }).isPrevented);
  host.send('keydown', { key: 'ArrowDown' });
  assert.deepEqual(shown, [null, 1, 5]);
  assert.equal(view.chosen, 4);
  assert.equal(host.attributes['aria-activedescendant'], 'e4');
});

test('only rows that are seen are drawn', async () => {
  const many = Array.from({ length: 1000 }, (_, number) => ({ time: noon + number, actor: 'a' }));
  const { host, rows, byID } = await list(many);
  assert.equal(byID('sizer').style.height, '44000px');
  assert.deepEqual([rows().length, rows()[0].id], [18, 'e0']);
  host.scrollTop = 22_000;
  host.send('scroll');
  assert.deepEqual([rows().length, rows()[0].id], [18, 'e496']);
  host.send('keydown', { key: 'End' });
  assert.equal(rows().at(-1).id, 'e999');
  assert.equal(rows().at(-1).attributes['aria-selected'], 'true');
  assert.equal(host.scrollTop, 44_000 - host.clientHeight);
});

test('a row says when, who, and what', async () => {
  const { rows } = await list();
  const texts = rows().map(row => row.children.map(child => child.text));
  assert.deepEqual(texts[0], ['2026-11-20 12:00:00', 'jane', 'internal', 'read · stack']);
  assert.deepEqual(texts[1], ['2026-11-20 13:00:00', 'jane', '● odd hour, odd', 'write']);
  assert.deepEqual(texts[4], ['no time', 'none', 'unknown', 'read']);
});

test('filters and dates act on the list; the chosen event stays while it passes', async () => {
  const { byID, host, model, shown, view } = await list();
  host.send('keydown', { key: 'ArrowDown' });
  host.send('keydown', { key: 'ArrowDown' });
  model.setTime(noon + hour, null);
  assert.deepEqual(view.found, [1, 2, 3]);
  assert.equal(view.chosen, 0);
  model.setTime(noon + hour, noon + 3 * hour);
  assert.deepEqual(view.found, [1, 2]);
  model.pickKind(2);
  assert.deepEqual(view.found, [2]);
  assert.equal(view.chosen, -1);
  assert.equal(shown.at(-1), null);
  assert.equal(host.attributes['aria-activedescendant'], undefined);
  assert.match(byID('n-events').text, /^1 event of 5, the newest first\. All events are here\.$/);
});

test('events that the page does not hold are counted', async () => {
  const { byID } = await list(events, { events: 1200 });
  assert.equal(byID('n-events').text, '5 events, the newest first. '
    + 'This page holds 5 of 1,200 events themselves, signalled and newest first (--detail-budget); '
    + '1,195 are in the pictures only.');
});

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import vm from 'node:vm';
import { documentOf } from './dom.mjs';
import { file, load, root, scripts } from './page.mjs';
import { dataOf, events, keys } from './sample.mjs';

const folder = new URL('Sources/Report/Page/', root);

async function started(data) {
  const document = documentOf(data);
  const listeners = {};
  await load(document, { addEventListener: (type, listener) => { listeners[type] = listener; } }).start();
  return { document, listeners, byID: id => document.getElementById(id) };
}

test('the page has every script of the folder', () => {
  assert.deepEqual([...scripts].sort(), readdirSync(folder).filter(name => name.endsWith('.js')).sort());
});

test('the scripts are one script', () => {
  new vm.Script("(() => {\n'use strict';\n" + scripts.map(file).join('') + '})();\n');
});

test('all scripts but the last only declare', () => {
  for (const name of scripts.slice(0, -1)) {
    const beginnings = file(name).split('\n').filter(line => /^[^\s/})\]]/.test(line));
    for (const line of beginnings) assert.match(line, /^(async function|function|class|const) /, name);
  }
});

test('every element that the scripts ask for is in the document', () => {
  const ids = new Set([...file('page.html').matchAll(/ id="([\w-]+)"/g)].map(match => match[1]));
  const drawn = ['tip', 'brush'];
  const asked = [...scripts.map(file).join('').matchAll(/byID\('([\w-]+)'\)/g)].map(match => match[1]);
  assert.ok(asked.length > 20);
  for (const id of asked) assert.ok(ids.has(id) || drawn.includes(id), id);
});

test('the whole page draws itself', async () => {
  const { document, byID } = await started(dataOf(events, { keys }));
  assert.equal(document.documentElement.dataset.ready, '1');
  assert.equal(byID('status').text, '5 events, no filter');
  assert.equal(byID('legend').text, 'internal 2external 1automation 0unknown 2');
  const bars = byID('chart').querySelectorAll('rect').filter(bar => bar.class !== 'brush');
  assert.equal(bars.length, 4);
  assert.equal(byID('chart-table').querySelectorAll('tbody tr').length, 4);
  assert.deepEqual(byID('signals').querySelectorAll('.row').map(row => row.title), ['odd', 'odd_hour']);
  assert.equal(byID('sizer').children.length, 5);
  assert.match(byID('detail').text, /^Choose an event/);
});

test('a page without events, and one without times, say so', async () => {
  assert.equal((await started(dataOf([]))).byID('chart').text, 'There is no event.');
  assert.equal((await started(dataOf([{ time: null }]))).byID('chart').text, 'No event has a time.');
});

test('dragging across the activity looks closer, and All takes that back', async () => {
  const { byID } = await started(dataOf(events, { keys }));
  byID('chart').send('pointerdown', { clientX: 44, button: 0, pointerId: 1 });
  byID('chart').send('pointermove', { clientX: 70 });
  assert.match(byID('tip').text, /^20 Nov 2026, \d\d:00–\d\d:00\n/);
  assert.equal(byID('brush').attributes.visibility, 'visible');
  byID('chart').send('pointerup', { clientX: 120 });
  assert.equal(byID('status').text, '3 of 5 events');
  byID('all').send('click');
  assert.equal(byID('status').text, '5 events, no filter');
});

test('a click is no drag, and another button of the mouse does nothing', async () => {
  const { byID } = await started(dataOf(events, { keys }));
  for (const button of [0, 2]) {
    byID('chart').send('pointerdown', { clientX: 100, button, pointerId: 1 });
    byID('chart').send('pointerup', { clientX: button === 0 ? 103 : 400 });
    assert.equal(byID('status').text, '5 events, no filter');
  }
});

test('zooming in and out ends where it began', async () => {
  const { byID } = await started(dataOf(events, { keys }));
  byID('in').send('click');
  assert.equal(byID('chips').querySelectorAll('button').length, 1);
  byID('out').send('click');
  byID('out').send('click');
  assert.equal(byID('chips').querySelectorAll('button').length, 0);
});

test('a kind of the legend filters, and keeps the focus', async () => {
  const { byID, document } = await started(dataOf(events, { keys }));
  byID('legend').querySelectorAll('button')[1].send('click');
  assert.equal(byID('status').text, '1 of 5 events');
  assert.equal(document.activeElement, byID('legend').querySelectorAll('button')[1]);
});

test('a signal is drawn along the scale, and said in words', async () => {
  const { byID } = await started(dataOf(events, { keys }));
  const row = byID('signals').querySelector('.row');
  assert.equal(row.querySelectorAll('circle').length, 2);
  assert.equal(row.querySelector('.vh').text,
    ' events; 20 Nov 2026, 13:00–14:00: 1; 21 Nov 2026, 14:00–15:00: 1');
  row.send('click');
  assert.equal(byID('status').text, '2 of 5 events');
});

test('on paper the pictures have a width of their own', async () => {
  const { byID, listeners } = await started(dataOf(events, { keys }));
  const box = () => byID('chart').querySelector('svg').attributes.viewBox;
  listeners.beforeprint();
  assert.equal(box(), '0 0 700 220');
  listeners.afterprint();
  assert.equal(box(), '0 0 960 220');
  byID('chart').clientWidth = 400;
  listeners.resize();
  assert.equal(box(), '0 0 400 220');
});

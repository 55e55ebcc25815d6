import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, hour, modelOf, noon } from './sample.mjs';

// One event at noon, nine an hour later: four of them internal, three external, two of an unknown kind.
const kinds = [...Array(4).fill('internal'), ...Array(3).fill('external'), '', 'unknown'];
const events = [{ time: noon, kind: 'internal' }, ...kinds.map(kind => ({ time: noon + hour, kind }))];

async function chart(all = events) {
  const document = documentOf();
  const page = load(document);
  const model = await modelOf(page, dataOf(all));
  const view = new page.Chart(model, page.usualTime(model));
  view.draw();
  const numbers = (tag, ...names) => document.getElementById('chart').querySelectorAll(tag)
    .map(element => names.map(name => Number(element.attributes[name])));
  return { document, view, numbers, page };
}

test('bins count all events and those of each kind', async () => {
  const { view } = await chart();
  assert.deepEqual(view.bins, [[1, 1, 0, 0, 0], [9, 4, 3, 0, 2]]);
});

test('the kinds of a bin stand one upon the other, from the floor up', async () => {
  const { document, numbers } = await chart();
  const bars = document.getElementById('chart').querySelectorAll('rect').slice(0, -1);
  assert.deepEqual(bars.map(bar => bar.class), ['c1', 'c1', 'c2', 'c4']);
  const boxes = numbers('rect', 'x', 'width', 'y', 'height').slice(0, -1);
  const floor = 198;
  // The rules are at 0, 5 and 10 events, so one event is a tenth of the picture.
  const unit = (floor - 8) / 10;
  const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-9, `${found}, not ${wanted}`);
  [[1, 1], [4, 4], [7, 3], [9, 2]].forEach(([top, count], bar) => {
    near(boxes[bar][2], floor - top * unit);
    near(boxes[bar][3], count * unit);
  });
  assert.deepEqual(boxes.map(([, width]) => width), [48, 48, 48, 48]);
  near(boxes[1][0] - boxes[0][0], (960 - 44) / 2);
  near(boxes[0][0] + 24, 44 + (960 - 44) / 4);
});

test('rules and their numbers reach over the highest bin', async () => {
  const { document, numbers } = await chart();
  const lines = document.getElementById('chart').querySelectorAll('line');
  assert.deepEqual(lines.slice(0, 3).map(line => line.class), ['axis', 'rule', 'rule']);
  assert.deepEqual(numbers('line', 'y1', 'y2').slice(0, 3), [[198, 198], [103, 103], [8, 8]]);
  const texts = document.getElementById('chart').querySelectorAll('text').map(text => text.text);
  assert.deepEqual(texts.slice(0, 3), ['0', '5', '10']);
  assert.equal(texts[3], '20 Nov 12:00');
});

test('very many bins have no gaps, and none is too thin to be seen', async () => {
  const many = Array.from({ length: 96 }, (_, number) => ({ time: noon + number * hour, kind: 'internal' }));
  const { view, numbers } = await chart(many);
  view.host.clientWidth = 320;
  view.draw();
  const wide = (320 - 44) / view.scale.bins;
  assert.ok(wide < 4);
  assert.deepEqual(numbers('rect', 'width')[0], [wide]);
});

test('the picture is told in words, and the table has its numbers', async () => {
  const { document } = await chart();
  assert.equal(document.getElementById('chart').querySelector('svg').attributes['aria-label'],
    'Events over time: 10 events, at most 9 in 1 hour. The table below has the numbers.');
  const rows = document.getElementById('chart-table').querySelectorAll('tr');
  assert.deepEqual(rows.map(row => row.children.map(cell => cell.text)), [
    ['Time (UTC)', 'All', 'internal', 'external', 'automation', 'unknown'],
    ['20 Nov 2026, 12:00–13:00', '1', '1', '0', '0', '0'],
    ['20 Nov 2026, 13:00–14:00', '9', '4', '3', '0', '2'],
  ]);
});

test('stretches without events are not in the table', async () => {
  const { document, view } = await chart([{ time: noon }, { time: noon + 5 * hour }]);
  assert.equal(view.bins.length, 6);
  assert.equal(document.getElementById('chart-table').querySelectorAll('tbody tr').length, 2);
});

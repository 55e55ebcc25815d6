import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, hour, modelOf, noon } from './sample.mjs';

async function signals(events, loose = []) {
  const document = documentOf();
  const page = load(document);
  const model = await modelOf(page, dataOf(events, { loose }));
  const chart = new page.Chart(model, page.usualTime(model));
  const refresh = () => {
    model.count();
    chart.draw();
    view.draw();
  };
  const view = new page.Signals(model, chart, refresh);
  model.changed = refresh;
  refresh();
  const host = document.getElementById('signals');
  return { document, host, model, rows: () => host.querySelectorAll('.row') };
}

// Sixteen events with a signal at one, a single one two hours later.
const events = [
  ...Array.from({ length: 16 }, () => ({ time: noon, signals: '["odd"]' })),
  { time: noon + 2 * hour, signals: '["odd"]' },
];

test('dots along the scale grow with the root of the number of events', async () => {
  const { rows } = await signals(events);
  const dots = rows()[0].querySelectorAll('circle');
  assert.deepEqual(dots.map(dot => dot.attributes.r), ['8.5', '4']);
  const places = [44 + 916 / 6, 44 + 916 * 5 / 6];
  assert.deepEqual(dots.map(dot => Math.round(dot.attributes.cx)), places.map(Math.round));
  const { viewBox, 'aria-hidden': isHidden } = rows()[0].querySelector('svg').attributes;
  assert.deepEqual([viewBox, isHidden], ['0 0 960 22', 'true']);
});

test('the dots are told in words, at most twenty of them', async () => {
  const few = await signals(events);
  assert.equal(few.rows()[0].querySelector('.count').text,
    '17 events; 20 Nov 2026, 12:00–13:00: 16; 20 Nov 2026, 14:00–15:00: 1');
  const hours = Array.from({ length: 25 }, (_, number) => ({ ...events[0], time: noon + number * hour }));
  const many = await signals(hours);
  assert.match(many.rows()[0].querySelector('.count').text, /: 1; and 5 more times$/);
  const twenty = await signals(hours.slice(0, 20));
  assert.match(twenty.rows()[0].querySelector('.count').text, /: 1$/);
});

test('a signal of events without a time has no picture', async () => {
  const { rows } = await signals([{ time: null, signals: '["odd"]' }]);
  assert.equal(rows()[0].text, 'odd1 events');
});

test('without signals nothing is drawn', async () => {
  const { host } = await signals([{ time: noon }]);
  assert.equal(host.children.length, 0);
});

test('signals of no event are told, with and without others', async () => {
  const loose = [['signature_failure', 1234], ['silence', 1]];
  for (const some of [events, [{ time: noon }]]) {
    const { host } = await signals(some, loose);
    assert.match(host.text, /Of no event: .*1,234, .*1\. trailmill log --signals lists them\.$/);
  }
});

test('rarer signals are shown when that is asked for', async () => {
  const names = Array.from({ length: 14 }, (_, number) => 's' + String(number).padStart(2, '0'));
  const { document, host, rows } = await signals(names.map(name => ({ time: noon, signals: `["${name}"]` })));
  assert.deepEqual(rows().map(row => row.title), names.slice(0, 12));
  assert.equal(host.querySelector('.more').text, 'Show more (2)');
  assert.equal(host.querySelector('.paper').text, '2 rarer signals, not printed.');
  host.querySelector('.more').send('click');
  assert.equal(rows().length, 14);
  assert.equal(document.activeElement, rows()[12]);
  assert.deepEqual([host.querySelector('.more'), host.querySelector('.paper')], [null, null]);
});

test('a signal that is pressed filters, and keeps the focus', async () => {
  const { document, model, rows } = await signals([...events, { time: noon, signals: '["strange"]' }]);
  rows()[1].send('click');
  assert.equal(model.total, 1);
  assert.equal(document.activeElement.title, 'strange');
  assert.equal(document.activeElement.attributes['aria-pressed'], 'true');
});

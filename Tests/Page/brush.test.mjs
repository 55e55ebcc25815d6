import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, hour, modelOf, noon } from './sample.mjs';

// Ten hours with an event each; the picture is 960 wide, of which 44 are left of the scale.
const events = Array.from({ length: 10 }, (_, number) => ({ time: noon + number * hour, kind: 'internal' }));
const place = hours => 44 + hours * 91.6;

async function brush() {
  const document = documentOf();
  const page = load(document);
  const model = await modelOf(page, dataOf(events));
  const chart = new page.Chart(model, page.usualTime(model));
  new page.Brush(model, chart);
  model.changed = () => {
    model.count();
    chart.draw();
  };
  chart.draw();
  const byID = id => document.getElementById(id);
  const shown = () => [model.since, model.until].map(time => time === null ? null : (time - noon) / hour);
  return { byID, model, shown, send: (type, facts) => byID('chart').send(type, facts) };
}

test('a drag in either direction takes in the bins that it touches', async () => {
  for (const [from, to] of [[2.5, 4.5], [4.5, 2.5]]) {
    const { send, shown } = await brush();
    send('pointerdown', { clientX: place(from), button: 0 });
    send('pointerup', { clientX: place(to) });
    assert.deepEqual(shown(), [2, 5]);
  }
});

test('while dragging the stretch is marked', async () => {
  const { byID, send } = await brush();
  const mark = () => ['x', 'width', 'visibility'].map(name => byID('brush').attributes[name]);
  send('pointermove', { clientX: 500 });
  assert.equal(byID('brush').attributes.visibility, 'hidden');
  send('pointerdown', { clientX: 300, button: 0 });
  send('pointermove', { clientX: 200 });
  assert.deepEqual(mark(), ['200', '100', 'visible']);
  send('pointermove', { clientX: 9999 });
  assert.deepEqual(mark(), ['300', '660', 'visible']);
  send('pointercancel');
  assert.equal(byID('brush').attributes.visibility, 'hidden');
  send('pointerup', { clientX: 700 });
});

test('a drag that was cancelled, a short one and one with another button change nothing', async () => {
  const { send, shown } = await brush();
  send('pointerdown', { clientX: 300, button: 0 });
  send('pointercancel');
  send('pointerup', { clientX: 700 });
  send('pointerdown', { clientX: 300, button: 0 });
  send('pointerup', { clientX: 306 });
  send('pointerdown', { clientX: 300, button: 1 });
  send('pointerup', { clientX: 700 });
  assert.deepEqual(shown(), [null, null]);
});

test('the words beside the pointer are on the side with room', async () => {
  const { byID, send } = await brush();
  send('pointermove', { clientX: place(1.5) });
  assert.equal(byID('tip').text, '20 Nov 2026, 13:00–14:00\n1 event\ninternal  1');
  assert.deepEqual([byID('tip').style.left, byID('tip').style.right], [place(1.5) + 14 + 'px', 'auto']);
  send('pointermove', { clientX: place(9) });
  assert.deepEqual([byID('tip').style.left, byID('tip').style.right], ['auto', 960 - place(9) + 14 + 'px']);
  send('pointerleave');
  assert.equal(byID('tip').attributes.hidden, 'true');
});

test('the buttons zoom about the middle, and walk by halves', async () => {
  const { byID, shown } = await brush();
  const press = id => {
    byID(id).send('click');
    return shown();
  };
  // Half of ten hours begins and ends within an hour, and takes all of it.
  assert.deepEqual(press('in'), [2, 8]);
  assert.deepEqual(press('later'), [5, null]);
  assert.deepEqual(press('earlier'), [2, 8]);
  assert.deepEqual(press('earlier'), [null, 5]);
  assert.deepEqual(press('out'), [null, 8]);
  assert.deepEqual(press('all'), [null, null]);
});

test('no zoom is closer than events are counted', async () => {
  const { byID, model } = await brush();
  for (let press = 0; press < 12; press++) byID('in').send('click');
  assert.ok(model.until - model.since >= hour && model.total > 0);
});

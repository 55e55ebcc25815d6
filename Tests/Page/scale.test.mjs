import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './page.mjs';
import { dataOf, hour, modelOf, noon, origin } from './sample.mjs';

const page = load();
const day = 24 * hour;
const midnight = Date.UTC(2026, 10, 20);
const scaleOf = (from, to, finest = 60_000, wide = 960) => (
  new page.Scale(from, to, { origin: origin * 1000, finest, wide }));

test('bins are the shortest step of which there are few enough', () => {
  assert.equal(scaleOf(midnight, midnight + hour).step, 60_000);
  assert.equal(scaleOf(midnight, midnight + day).step, 15 * 60_000);
  assert.equal(scaleOf(midnight, midnight + 90 * day).step, day);
  assert.equal(scaleOf(midnight, midnight + day, 6 * hour).step, 6 * hour);
  for (const days of [1, 10, 100, 1000, 10_000, 100_000, 3_000_000]) {
    const scale = scaleOf(midnight, midnight + days * day);
    assert.ok(scale.bins > 0 && scale.bins <= 98, `${days} days: ${scale.bins} bins`);
    assert.ok(scale.from <= midnight && scale.to >= midnight + days * day);
  }
});

test('weeks begin on Mondays', () => {
  const scale = scaleOf(midnight, midnight + 600 * day);
  assert.equal(scale.step, 7 * day);
  assert.equal(new Date(scale.from).getUTCDay(), 1);
});

test('a bin and its place find each other', () => {
  const scale = scaleOf(midnight, midnight + day);
  for (const bin of [0, 1, 50, scale.bins - 1]) {
    assert.equal(scale.binOf(scale.start(bin)), bin);
    assert.equal(scale.binOf(scale.start(bin + 1) - 1), bin);
    assert.equal(scale.binAt(scale.x(scale.start(bin + .5))), bin);
  }
  assert.equal(scale.binAt(-5), 0);
  assert.equal(scale.binAt(5000), scale.bins - 1);
  assert.equal(scale.binText(0), '20 Nov 2026, 00:00–00:15');
});

test('an empty stretch is one bin', () => {
  const scale = scaleOf(noon, noon, hour);
  assert.deepEqual([scale.from, scale.to, scale.bins], [noon, noon + hour, 1]);
});

test('labels have room, and name the day where one begins', () => {
  const hours = scaleOf(midnight - 6 * hour, midnight + 18 * hour).labels().map(([, label]) => label);
  assert.equal(hours[0], '19 Nov 18:00');
  assert.ok(hours.includes('20 Nov 00:00') && hours.includes('03:00'));
  const days = scaleOf(midnight, midnight + 10 * day).labels().map(([, label]) => label);
  assert.equal(days[0], '20 Nov');
  const yearOne = Date.parse('0001-01-01T00:00:00Z');
  assert.equal(scaleOf(yearOne, yearOne + 10 * day).labels()[0][1], '1 Jan');
  const years = scaleOf(Date.UTC(1990, 0), Date.UTC(2026, 0), day).labels().map(([, label]) => label);
  assert.ok(years.every(label => /^\d+ \w+ \d{4}$/.test(label)), years.join());
  for (const labels of [hours, days, years]) assert.ok(labels.length > 1 && labels.length <= 12);
});

test('the rules across the picture are round numbers, at most four', () => {
  const most = [0, 1, 4, 5, 8, 20, 21, 399, 401, 1_000_000];
  assert.deepEqual(most.map(page.roundStep), [1, 1, 1, 2, 2, 5, 10, 100, 200, 500_000]);
});

test('no event with a time, no time to draw', async () => {
  assert.equal(page.usualTime(await modelOf(page, dataOf([]))), null);
  assert.equal(page.usualTime(await modelOf(page, dataOf([{ time: null, actor: 'a' }]))), null);
});

test('a few events of far away do not press the rest into one stroke', async () => {
  const usual = Array.from({ length: 300 }, (_, number) => ({ time: noon + number * hour, actor: 'a' }));
  const forged = { time: Date.UTC(9000, 0), actor: 'a' };
  const early = { time: Date.UTC(1, 0), actor: 'a' };
  const model = await modelOf(page, dataOf([early, ...usual, forged, { time: null }]));
  assert.deepEqual(page.usualTime(model), { from: noon, to: noon + 300 * hour, far: 2 });
});

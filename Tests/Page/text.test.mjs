import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './page.mjs';
import { hour, noon } from './sample.mjs';

const page = load();
const day = 24 * hour;

test('numbers are grouped by thousands', () => {
  assert.equal(page.grouped(0), '0');
  assert.equal(page.grouped(999), '999');
  assert.equal(page.grouped(1000), '1,000');
  assert.equal(page.grouped(1234567.4), '1,234,567');
});

test('one is not many', () => {
  assert.equal(page.counted(1, 'event'), '1 event');
  assert.equal(page.counted(0, 'event'), '0 events');
  assert.equal(page.counted(1200, 'event'), '1,200 events');
  assert.equal(page.counted(3, 'more', 'more'), '3 more');
});

test('a share is 0 % or 100 % only if it is nothing or all', () => {
  assert.equal(page.percent(1, 3), '33 %');
  assert.equal(page.percent(1, 1000), '<1 %');
  assert.equal(page.percent(999, 1000), '>99 %');
  assert.equal(page.percent(0, 7), '0 %');
  assert.equal(page.percent(7, 7), '100 %');
  assert.equal(page.percent(0, 0), '0 %');
});

test('bytes have a unit', () => {
  assert.equal(page.bytesText(999_949), '999.9 kB');
  assert.equal(page.bytesText(1e6), '1.0 MB');
  assert.equal(page.bytesText(1_234_000_000), '1.23 GB');
});

test('every deceptive character is replaced, and no other', () => {
  const deceptive = [0, 7, 0x1b, 0x1f, 0x7f, 0x9f, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e,
    0x2066, 0x2069, 0xad, 0x200b, 0x200d, 0x2065, 0x206a, 0xfe0f, 0xfeff, 0xe0041];
  for (const code of deceptive) assert.equal(page.clean('a' + String.fromCodePoint(code) + 'b'), 'a\uFFFDb');
  const harmless = ' ~\u00a0äß’…平\u{1F600}<b>';
  assert.equal(page.clean(harmless), harmless);
});

test('an isolated name is between directional isolates', () => {
  assert.equal(page.isolated('מ'), '\u2068מ\u2069');
});

test('the texts of an array are clean; of anything else there are none', () => {
  assert.deepEqual(page.textsOf('["a",1,null,"b\\u202ec"]'), ['a', '1', 'null', 'b\uFFFDc']);
  for (const text of ['', '{}', '"a"', '[', 'null']) assert.deepEqual(page.textsOf(text), []);
});

test('of many names the first, and how many more', () => {
  assert.equal(page.firstOf([], 2), '');
  assert.equal(page.firstOf(['a', 'b'], 2), '\u2068a\u2069, \u2068b\u2069');
  assert.equal(page.firstOf(['a', 'b', 'c', 'd'], 2), '\u2068a\u2069, \u2068b\u2069 and 2 more');
});

test('a signal is shown in words', () => {
  assert.equal(page.signalText('first_use_of_key'), 'first use of key');
});

test('times are UTC', () => {
  assert.equal(page.momentText(noon), '2026-11-20 12:00:00');
  assert.equal(page.momentText(null), 'no time');
  assert.equal(page.dayText(noon), '20 Nov 2026');
  assert.equal(page.clockText(noon + 61_000), '12:01');
  assert.equal(page.dayText(Date.UTC(2024, 1, 29, 23, 59)), '29 Feb 2024');
  assert.equal(page.momentText(-1), '1969-12-31 23:59:59');
});

test('a stretch of time is days where it is whole days', () => {
  const midnight = Date.UTC(2026, 10, 20);
  assert.equal(page.stretchText(midnight, midnight + day), '20 Nov 2026');
  assert.equal(page.stretchText(midnight, midnight + 3 * day), '20 Nov 2026 – 22 Nov 2026');
  assert.equal(page.stretchText(noon, noon + hour), '20 Nov 2026, 12:00–13:00');
  assert.equal(page.stretchText(noon, noon + day), '20 Nov 2026, 12:00–21 Nov 2026 12:00');
  assert.equal(page.stretchText(midnight + 23 * hour, midnight + day), '20 Nov 2026, 23:00–00:00');
});

test('two days of a year name it once', () => {
  assert.equal(page.daysText(noon, noon + hour), '20 Nov 2026');
  assert.equal(page.daysText(noon, noon + day), '20 Nov – 21 Nov 2026');
  assert.equal(page.daysText(noon, noon + 60 * day), '20 Nov 2026 – 19 Jan 2027');
  const yearOne = Date.parse('0001-01-01T00:00:00Z');
  assert.equal(page.daysText(yearOne, yearOne + 2 * day), '1 Jan – 3 Jan 1');
});

test('a length of time has the largest whole unit', () => {
  assert.equal(page.durationText(60_000), '1 minute');
  assert.equal(page.durationText(3 * hour), '3 hours');
  assert.equal(page.durationText(7 * day), '7 days');
});

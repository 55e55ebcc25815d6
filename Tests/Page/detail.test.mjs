import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, events, keys, modelOf, noon } from './sample.mjs';

async function detail(number, all = events, options = {}) {
  const document = documentOf();
  const page = load(document);
  const data = dataOf(all, { keys, ...options });
  const model = await modelOf(page, data);
  const view = new page.Detail(model);
  view.show(data.details.rows[number], all.length);
  const host = document.getElementById('detail');
  const texts = tag => host.querySelectorAll(tag).map(element => element.text);
  return { model, view, host, texts, facts: () => texts('dt').map((term, at) => [term, texts('dd')[at]]) };
}

test('an event in words', async () => {
  const { texts, facts } = await detail(0);
  assert.deepEqual(texts('h3'), ['jane']);
  assert.deepEqual(texts('p'), [
    'Shown is the claim “email” of the caller’s token. ',
    'It was done with the key “\u2068ci\u2069” (K1): the event names the token, and it is one of this key.',
    'One of us (internal).',
  ]);
  assert.deepEqual(facts(), [
    ['Time', '2026-11-20 12:00:00 UTC'], ['Action', 'read'], ['Resource', 'stack'], ['Address', '192.0.2.1'],
    ['Account', 'acme'], ['Owner', 'ops'], ['Type', 'oidc'], ['claim email', 'jane@example.com'],
    ['Archived in', 'a/part.ndjson.gz, line 1'],
  ]);
});

test('flags and signals are said', async () => {
  const { texts } = await detail(1);
  assert.deepEqual(texts('p').slice(3),
    ['skew: the tolerance for clocks has decided', '● odd hour', '● odd']);
});

test('without a key the match says how it is known; without anything nothing is said', async () => {
  assert.match((await detail(2)).texts('p')[1],
    /^How we know: the actor is no API key, so there was nothing to look up\.$/);
  const { texts, facts } = await detail(4);
  assert.deepEqual(texts('p'), ['Shown is the event’s own actor; it was not attributed. ']);
  assert.deepEqual(facts()[0], ['Time', 'no time']);
});

test('words that nobody knows are shown as they are, without what deceives', async () => {
  const strange = { ...events[0], match: 'constructor', from: 'x\u202ey', flags: '["toString"]' };
  const { texts } = await detail(0, [strange]);
  assert.equal(texts('p')[0], 'Shown is x\uFFFDy. ');
  assert.match(texts('p')[1], /: the match is “constructor”\.$/);
  assert.equal(texts('p').at(-1), 'toString: see the event');
});

test('links pick what the event has, once', async () => {
  const { host, model, texts } = await detail(0);
  assert.deepEqual(texts('button'), ['Same actor', 'Same key', 'Same resource', 'Same address']);
  const link = host.querySelector('[data-same="key"]');
  link.send('click');
  link.send('click');
  assert.equal(model.total, 2);
  assert.deepEqual((await detail(4)).texts('button'), []);
});

test('names that cells do not tell apart have no link', async () => {
  const { texts } = await detail(0, events, { folded: { actor: ['jane'] } });
  assert.deepEqual(texts('button'), ['Same key', 'Same resource', 'Same address']);
});

test('of names beyond the limits nothing more is known', async () => {
  const { model, view, texts, facts } = await detail(0);
  const row = [...model.data.details.rows[0]];
  for (const dimension of ['actor', 'key']) row[view.at[dimension]] = 1;
  view.show(row, 1);
  assert.deepEqual(texts('h3'), ['others']);
  assert.deepEqual(texts('button'), ['Same resource', 'Same address']);
  assert.match(texts('p')[1], /^How we know: /);
  assert.ok(!facts().some(([term]) => term === 'Owner' || term === 'Type'));
});

test('without an event it says what can be done', async () => {
  const { view, texts } = await detail(0);
  view.show(null, 3);
  assert.deepEqual(texts('p'), ['Choose an event to see who it was, and how we know.']);
  view.show(null, 0);
  assert.deepEqual(texts('p'), ['No embedded event passes the filters.']);
});

test('the event is shown as text, line by line, without what deceives', async () => {
  const text = '{"a":"<b>\u202e","b":[]}';
  const { texts } = await detail(0, [{ time: noon, text }]);
  assert.deepEqual(texts('pre'), ['{\n  "a": "<b>\uFFFD",\n  "b": []\n}']);
  assert.deepEqual((await detail(0, [{ time: noon, text: '' }])).texts('pre'),
    ['Too long for this page: it is in the archive.']);
});

test('claims are texts, at most twelve; anything else is none', () => {
  const page = load();
  const claimsOf = text => page.claimsOf(text, 'attribution');
  const event = claims => JSON.stringify({ attribution: { claims } });
  assert.deepEqual(claimsOf(event({ 'a\u0007': 'b\u202e', n: 1, o: { x: [1] } })),
    [['claim a\uFFFD', 'b\uFFFD'], ['claim n', '1'], ['claim o', '{"x":[1]}']]);
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, number) => ['c' + number, 'x']));
  assert.equal(claimsOf(event(many)).length, 12);
  for (const text of ['', 'x', 'null', '{}', '[]', '{"attribution":null}', event(null), event('x')]) {
    assert.deepEqual(claimsOf(text), [], text);
  }
});

test('indenting changes white space between tokens and nothing else', () => {
  const { indented } = load();
  assert.equal(indented('{"a":[1,{"b":null}],"c":{},"d":"x, {y}: \\"z\\""}'), [
    '{', '  "a": [', '    1,', '    {', '      "b": null', '    }', '  ],', '  "c": {},',
    '  "d": "x, {y}: \\"z\\""', '}'].join('\n'));
  assert.equal(indented('{"n":1.0e+2,"n":1.00,"u":"\\u0041\\\\"}'),
    '{\n  "n": 1.0e+2,\n  "n": 1.00,\n  "u": "\\u0041\\\\"\n}');
  assert.equal(indented(' { "a" :\t1 } '), '{\n  "a": 1\n}');
  assert.equal(indented('"never ended \\'), '"never ended \\');
  assert.equal(indented('}]'), '\n}\n]');
  const deep = '['.repeat(5000) + ']'.repeat(5000);
  assert.equal(indented(deep).replace(/\s/g, ''), deep);
});

test('only what was added is believed, by its name', async () => {
  const text = '{"attribution":{"claims":{"email":"own"}},"tm":{"claims":{"email":"added"}}}';
  const event = { ...events[0], text };
  const claims = async attribution => (await detail(0, [event], { attribution })).facts()
    .filter(([term]) => term.startsWith('claim')).map(([, value]) => value);
  assert.deepEqual(await claims('attribution'), ['own']);
  assert.deepEqual(await claims('tm'), ['added']);
  assert.deepEqual(await claims(null), []);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, events, keys, modelOf, noon } from './sample.mjs';

async function lists(all = events, options = {}) {
  const document = documentOf();
  const page = load(document);
  const model = await modelOf(page, dataOf(all, { keys, ...options }));
  const refresh = () => {
    model.count();
    view.draw();
  };
  model.changed = refresh;
  const view = new page.Lists(model, refresh);
  view.draw();
  const rows = id => document.getElementById('p-' + id).querySelectorAll('.row');
  const names = id => rows(id).map(row => row.title);
  const notes = id => rows(id).map(row => row.querySelector('.sub')?.title);
  return { document, model, rows, names, notes };
}

test('a list has names with counts and shares, the most frequent first', async () => {
  const { rows } = await lists();
  assert.deepEqual(rows('actor').map(row => row.querySelector('.line').text),
    ['jane3 events,  · 60 %', 'jörg1 events,  · 20 %']);
  const parts = rows('actor')[0].querySelectorAll('i');
  assert.deepEqual(parts.map(part => part.class), ['c1', 'c2']);
  assert.deepEqual(parts.map(part => part.properties.width), [200 / 3 + '%', 100 / 3 + '%']);
});

test('events that nobody classified have the colour and the word of unknown ones', async () => {
  const { rows, notes } = await lists();
  assert.deepEqual(rows('actor')[1].querySelectorAll('i').map(part => part.class), ['c4']);
  assert.match(notes('actor')[1], /^unknown · from/);
});

test('what is known of an actor and of a key stands beneath', async () => {
  const { notes } = await lists();
  assert.equal(notes('actor')[0], 'internal, external · from \u2068claim email\u2069, \u2068actor\u2069'
    + ' · by key \u2068ci\u2069 · 20 Nov 2026');
  assert.equal(notes('key')[0], 'internal · \u2068K1\u2069 · \u2068oidc\u2069 · owner \u2068ops\u2069'
    + ' · scopes \u2068a\u2069, \u2068b\u2069 · 1 caller: \u2068jane\u2069 · 20 Nov 2026');
});

test('matches, sources and flags are explained', async () => {
  const { document, names, notes } = await lists();
  assert.equal(notes('match')[names('match').indexOf('sole')],
    'the event names no token; exactly one of the key was valid then');
  assert.equal(notes('from')[0], 'the claim “email” of the caller’s token');
  assert.deepEqual([names('flags'), notes('flags')], [['skew'], ['the tolerance for clocks has decided']]);
  assert.match(document.getElementById('p-match').text, /Not attributed: 2 events\.$/);
});

test('a row that is pressed filters, and keeps the focus', async () => {
  const { document, model, rows } = await lists();
  rows('actor')[1].send('click');
  assert.equal(model.total, 1);
  assert.equal(document.activeElement, rows('actor')[0]);
  assert.equal(document.activeElement.attributes['aria-pressed'], 'true');
  rows('actor')[0].send('click');
  assert.equal(model.total, 5);
});

test('a name that cells do not tell apart cannot be pressed', async () => {
  const { names, rows } = await lists(events, { folded: { actor: ['jane'], from: ['actor'] } });
  assert.equal(rows('actor')[names('actor').indexOf('jane')].tag, 'div');
  assert.equal(rows('actor')[names('actor').indexOf('jörg')].tag, 'button');
  assert.equal(rows('from')[names('from').indexOf('actor')].tag, 'div');
});

test('addresses are shown by their blocks when that is asked for', async () => {
  const { document, model, names, rows } = await lists();
  assert.deepEqual(names('address'), ['192.0.2.1', '192.0.2.9']);
  document.getElementById('blocks').send('click');
  assert.deepEqual(names('address'), ['192.0.2.0/24']);
  rows('address')[0].send('click');
  assert.equal(model.total, 2);
  document.getElementById('blocks').send('click');
  assert.deepEqual([model.total, names('address').length], [5, 2]);
});

test('blocks have the sum of their addresses, and no part of others', async () => {
  const addresses = ['192.0.2.1', '192.0.2.1', '192.0.2.9', '198.51.100.7', '203.0.113.5', null];
  const all = addresses.map(address => ({ time: noon, address }));
  const { document, model, rows } = await lists(all, { folded: { address: ['203.0.113.5'] } });
  model.setTime(noon, null);
  document.getElementById('blocks').send('click');
  assert.deepEqual(rows('address').map(row => row.querySelector('.line').text),
    ['192.0.2.0/243 events,  · 50 %', '198.51.100.0/241 events,  · 17 %']);
  assert.equal(document.getElementById('p-address').querySelector('.rest').text,
    'Others, not told apart here: 1 event.');
  rows('address')[1].send('click');
  assert.equal(model.total, 1);
});

test('a list that is one row longer has one more', async () => {
  for (const [length, more] of [[8, []], [9, ['Show more (1)']]]) {
    const all = Array.from({ length }, (_, number) => ({ time: noon, actor: 'a' + number }));
    const host = (await lists(all)).document.getElementById('p-actor');
    assert.deepEqual(host.querySelectorAll('.more').map(button => button.text), more);
    assert.deepEqual(host.querySelectorAll('.paper').map(note => note.text),
      more.map(() => '1 more, not printed.'));
  }
});

test('long lists show more when that is asked for, and give the focus to the first that is new', async () => {
  const many = Array.from({ length: 300 }, (_, number) => ({ time: noon, actor: 'a' + number }));
  const { document, rows } = await lists(many);
  const more = () => document.getElementById('p-actor').querySelector('.more');
  for (const [shown, next] of [[8, 40], [40, 200], [200, 300]]) {
    assert.equal(rows('actor').length, shown);
    more().send('click');
    assert.equal(rows('actor').length, next);
    assert.equal(document.activeElement, rows('actor')[shown]);
  }
  assert.equal(more(), null);
});

test('a list without names says so', async () => {
  const { document } = await lists([]);
  assert.equal(document.getElementById('p-actor').text, 'None.');
});

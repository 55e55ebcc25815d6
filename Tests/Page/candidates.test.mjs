// Events in which nobody is named are shown as what they are, and count for nobody.

import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { ambiguous, dataOf, events, keys, modelOf } from './sample.mjs';

async function pageOf(all = ambiguous, options = {}) {
  const document = documentOf();
  const page = load(document);
  const data = dataOf(all, { keys, ...options });
  const model = await modelOf(page, data);
  const [lists, detail] = [new page.Lists(model, () => lists.draw()), new page.Detail(model)];
  const list = new page.EventList(model, row => detail.show(row, all.length));
  const draw = () => {
    model.count();
    lists.draw();
    list.draw();
  };
  model.changed = draw;
  draw();
  const byID = id => document.getElementById(id);
  const rows = id => byID('p-' + id).querySelectorAll('.row');
  const plain = text => text.replace(/[\u2068\u2069]/g, '');
  const shown = () => byID('sizer').querySelectorAll('.who').map(who => [plain(who.text), who.class]);
  const show = number => detail.show(data.details.rows[number], all.length);
  return { page, model, byID, rows, plain, shown, show };
}

test('candidates stand in the place of a name, and are not written as one', async () => {
  const { shown } = await pageOf();
  assert.deepEqual(shown(), [
    ['one of: jane, joe', 'who maybe'],
    ['one of: jane, j\\, \\(+1), jim (+4)', 'who maybe'],
    ['jane', 'who'],
  ]);
});

test('a name that begins as candidates do has a backslash before it', async () => {
  const names = ['one of: jane', 'One of us', '\\ one of: x', 'someone of', 'none of'];
  const { shown } = await pageOf(names.map(actor => ({ ...events[0], actor })));
  assert.deepEqual(shown().map(([name]) => name),
    ['\\one of: jane', '\\One of us', '\\\\ one of: x', 'someone of', 'none of']);
});

test('they are counted apart, and for nobody as their own', async () => {
  const { byID, rows, model } = await pageOf();
  const texts = id => rows(id).map(row => row.querySelector('.line').text.replace(/ events, .*/, ''));
  assert.deepEqual(texts('actor'), ['ci2', 'jane1']);
  assert.deepEqual(texts('candidates'), ['jane2', 'j, (+1)1', 'jim1', 'joe1', 'jöe1']);
  assert.equal(rows('candidates')[0].querySelector('.sub').title, 'may be theirs');
  assert.equal(byID('several').attributes.hidden, 'false');
  assert.equal(byID('n-candidates').text, '2 events could be of several people, and nobody is named. '
    + 'Each counts here for everybody it names, and for nobody above. '
    + '1 event may be of others, too, whom it does not name.');
  rows('candidates')[0].send('click');
  assert.equal(model.total, 2);
  rows('candidates')[3].send('click');
  assert.equal(model.total, 1);
  assert.match(byID('n-candidates').text, /^1 event could .* nobody above\.$/);
});

test('without such an event the section is not there', async () => {
  assert.equal((await pageOf(events)).byID('several').attributes.hidden, 'true');
});

test('an event in words says whom it may be of', async () => {
  const { byID, plain, show, model } = await pageOf();
  show(1);
  const texts = tag => byID('detail').querySelectorAll(tag).map(element => plain(element.text));
  assert.deepEqual(texts('h3'), ['one of: jane, j\\, \\(+1), jim (+4)']);
  assert.equal(texts('p')[0], 'Nobody is named: it may be of any of these, and counts for none of them. '
    + 'In lists stands “ci”, the name of the key, as no caller is known. ');
  const names = texts('dd').filter((_, at) => texts('dt')[at] === 'May be of');
  assert.deepEqual(names, ['jane', 'j, (+1)', 'jim', 'jöe', '3 more, whom the event does not name']);
  assert.deepEqual(texts('button'), ['Same candidates', 'Same key']);
  byID('detail').querySelector('[data-same=candidates]').send('click');
  assert.equal(model.total, 1);
  assert.equal(plain([...model.filters.values()][0].label), 'one of: jane, j\\, \\(+1), jim (+4)');
});

test('candidates that the page cannot read, or does not tell apart, are said to be that', async () => {
  const { page, shown } = await pageOf([{ ...ambiguous[0], candidates: '["jane","jo…~0123' }]);
  assert.deepEqual(shown(), [['one of: some who are not told apart', 'who maybe']]);
  for (const text of ['', 'x', '{}', 'null', '7', '[]', '[7,{}]']) {
    assert.deepEqual(page.candidatesOf(text).names, [], text);
  }
  assert.deepEqual(page.candidatesOf('["a\u202e",2]'), { names: ['a\uFFFD'], others: 2 });
});

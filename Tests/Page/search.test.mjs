import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './page.mjs';
import { dataOf, modelOf, noon } from './sample.mjs';

const page = load();
const events = ['Jane Doe', 'jane', 'jane.roe', 'Jörg'].map((actor, number) => (
  { time: noon, actor, key: 'K' + number }));
const keys = { K0: ['deploy', '', '', ''], K1: ['deploy', '', '', ''], K2: ['audit', '', '', ''] };

async function search(dimension, text, options = {}) {
  const model = await modelOf(page, dataOf(events, { keys, ...options }));
  const filter = new page.NameSearch(model, dimension).filter(text);
  return filter && { ...filter, names: model.names[dimension].filter((name, code) => filter.passes[code])
    .map(name => name.name) };
}

test('no text is no filter', async () => {
  assert.equal(await search('actor', ''), null);
  assert.equal(await search('actor', ' \t'), null);
});

test('an exact name is that one', async () => {
  const filter = await search('actor', ' jane ');
  assert.deepEqual(filter.names, ['jane']);
  assert.equal(filter.label, 'jane');
  assert.equal(typeof filter.value, 'number');
});

test('another text is all names that contain it, in any case of letters', async () => {
  assert.deepEqual((await search('actor', 'JANE')).names, ['Jane Doe', 'jane', 'jane.roe']);
  assert.deepEqual((await search('actor', 'JÖ')).names, ['Jörg']);
  assert.deepEqual((await search('actor', 'nobody')).names, []);
  assert.equal((await search('actor', 'JANE')).value, 'JANE');
});

test('a key is found by its name and by its id', async () => {
  assert.deepEqual((await search('key', 'audit')).names, ['K2']);
  assert.deepEqual((await search('key', 'k2')).names, ['K2']);
  assert.deepEqual((await search('key', 'K3')).names, ['K3']);
});

test('a name that two keys bear is both', async () => {
  const filter = await search('key', 'deploy');
  assert.deepEqual(filter.names, ['K0', 'K1']);
  assert.equal(filter.value, 'deploy');
});

test('names that cells do not tell apart are not found', async () => {
  const filter = await search('actor', 'jane', { folded: { actor: ['jane'] } });
  assert.deepEqual(filter.names, ['Jane Doe', 'jane.roe']);
});

test('suggestions are labels, each once', async () => {
  const model = await modelOf(page, dataOf(events, { keys }));
  assert.deepEqual(new page.NameSearch(model, 'key').suggestions(), ['deploy', 'audit', 'K3']);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './page.mjs';

const page = load();

test('what a name was taken from, in words', () => {
  assert.equal(page.fromWords(''), 'the event’s own actor; it was not attributed');
  assert.equal(page.fromWords('claim:email'), 'the claim “email” of the caller’s token');
  assert.equal(page.fromWords('template:{a} {b}'), 'claims of the caller’s token, put together as “{a} {b}”');
  assert.equal(page.fromWords('key_name'), 'the name of the key, as no caller is known');
  assert.equal(page.fromWords('something new'), 'something new');
});

test('what a name was taken from, in few words', () => {
  assert.equal(page.fromLabel(''), 'the event');
  assert.equal(page.fromLabel('claim:e-mail\u202e'), 'claim e-mail\uFFFD');
  assert.equal(page.fromLabel('template:{a}'), 'template {a}');
  assert.equal(page.fromLabel('key_id'), 'key id');
});

test('names that every object has are in no table', () => {
  for (const table of [page.MATCH_WORDS, page.FROM_WORDS, page.KIND_WORDS, page.FLAG_WORDS]) {
    for (const name of ['constructor', 'toString', '__proto__']) assert.equal(table[name], undefined);
  }
  assert.equal(page.fromWords('constructor'), 'constructor');
});

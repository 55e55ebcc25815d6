import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';

const document = documentOf();
const page = load(document);

test('an attribute is text; true is an empty one, false and null are none', () => {
  const element = page.el('p', { a: 1, b: true, c: false, d: null, e: '<b>' });
  assert.deepEqual(element.attributes, { a: '1', b: '', e: '<b>' });
});

test('children are elements and texts; null and undefined are none', () => {
  const element = page.el('p', {}, 'a', null, page.bold('<i>'), undefined, '');
  assert.equal(element.children.length, 3);
  assert.equal(element.text, 'a<i>');
  page.fill(element, null, 'b');
  assert.equal(element.text, 'b');
});

test('listeners and properties of the style are set', () => {
  let presses = 0;
  const element = page.el('p', { on: { click: () => { presses++; } }, css: { top: '4px' } });
  element.send('click');
  assert.equal(presses, 1);
  assert.deepEqual(element.properties, { top: '4px' });
  assert.deepEqual(element.attributes, {});
});

test('a table has headings of its columns and a caption only if there is one', () => {
  const table = page.tableOf(['A', 'B'], [[1, 2], [3, 4]], 'Numbers');
  assert.deepEqual(table.children.map(child => child.tag), ['caption', 'thead', 'tbody']);
  assert.deepEqual(table.querySelectorAll('th').map(cell => [cell.text, cell.attributes.scope]),
    [['A', 'col'], ['B', 'col']]);
  assert.deepEqual(table.querySelectorAll('td').map(cell => cell.text), ['1', '2', '3', '4']);
  assert.deepEqual(page.tableOf(['A'], []).children.map(child => child.tag), ['thead', 'tbody']);
});

test('the focus goes to the row of that name, or else to the first chip', () => {
  const host = page.el('div', {}, ...['a', 'b'].map(title => page.el('p', { class: 'row', title })));
  page.fill(document.getElementById('chips'), page.el('button', {}));
  page.focusRow(host, 'b');
  assert.equal(document.activeElement, host.children[1]);
  page.focusRow(host, 'c');
  assert.equal(document.activeElement.tag, 'button');
});

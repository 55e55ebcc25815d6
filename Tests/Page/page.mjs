// The page's scripts for tests: the files that PageFiles.swift names, in its order, without a browser.

import { readFileSync } from 'node:fs';
import vm from 'node:vm';

export const root = new URL('../../', import.meta.url);
const folder = new URL('Sources/Report/Page/', root);

export function file(name) {
  return readFileSync(new URL(name, folder), 'utf8');
}

export const scripts = [...file('PageFiles.swift').matchAll(/PackageResources\.(\w+)_js/g)]
  .map(match => match[1] + '.js');

// What the scripts declare, for a document. Nothing starts: `start` among the declared draws the whole page.
export function load(document = null, window = {}) {
  const names = [];
  let source = '';
  for (const name of scripts) {
    const text = file(name);
    names.push(...[...text.matchAll(/^(?:async )?(?:function|class|const) (\w+)/gm)].map(match => match[1]));
    source += text.replace(/^start\(\);$/m, '');
  }
  const parameters = ['document', 'addEventListener', 'requestAnimationFrame', 'cancelAnimationFrame'];
  const declared = vm.compileFunction("'use strict';\n" + source + '\nreturn { ' + names.join(', ') + ' };',
    parameters, { filename: 'page.js' });
  const frame = callback => callback();
  return declared(document, window.addEventListener ?? (() => {}), frame, () => {});
}

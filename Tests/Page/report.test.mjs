// The page of a real archive: what the program writes and what the page's script reads are one format.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { documentOf } from './dom.mjs';
import { load, root } from './page.mjs';

const binary = process.env.TRAILMILL ?? fileURLToPath(new URL('.build/debug/trailmill', root));
const skip = existsSync(binary) ? false : 'the program is not built: ' + binary;

function pageOfFixtures() {
  const folder = mkdtempSync(join(tmpdir(), 'trailmill-page-'));
  const trailmill = (...words) => execFileSync(binary, words, {
    cwd: root, stdio: 'ignore', env: { ...process.env, AUDIT_WEBHOOK_SECRET: 'fixture-secret' },
  });
  try {
    const [archive, page] = [join(folder, 'nightly'), join(folder, 'page.html')];
    const quiet = ['--summary', 'none'];
    trailmill('run', 'pipelines/nightly.json5', 'fixtures/deliveries', '--output', archive, ...quiet);
    trailmill('report', archive, '-o', page, '--verify');
    return readFileSync(page, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('options that the page names are options', { skip }, () => {
  const help = command => execFileSync(binary, ['help', command], { encoding: 'utf8' });
  const isOption = (option, command) => new RegExp('^ +' + option + ' ', 'm').test(help(command));
  const options = [...Object.values(load().REPORT_OPTIONS), '--detail-budget'];
  for (const option of options) assert.ok(isOption(option, 'report'), option);
  assert.ok(isOption('--head', 'verify'));
});

test('the fixtures are reported', { skip }, async () => {
  const html = pageOfFixtures();
  const [, text] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html);
  const document = documentOf(JSON.parse(text));
  await load(document).start();
  const byID = id => document.getElementById(id);
  assert.equal(document.title, 'Activity in nightly');
  assert.equal(byID('status').text, '12 events, no filter');
  assert.equal(byID('p-actor').querySelector('.row').title, 'jane@example.com');
  assert.equal(byID('sizer').querySelectorAll('.event').length, 12);
  byID('list').send('keydown', { key: 'End' });
  assert.ok(byID('detail').querySelector('pre').text.length > 50);
  assert.match(byID('seal').text, /^Consistent with its own history/);
});

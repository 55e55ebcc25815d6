import assert from 'node:assert/strict';
import test from 'node:test';
import { documentOf } from './dom.mjs';
import { load } from './page.mjs';
import { dataOf, events, modelOf, noon } from './sample.mjs';

async function archive(options = {}, far = 0) {
  const document = documentOf();
  const page = load(document);
  const view = new page.ArchiveFacts(await modelOf(page, dataOf(events, options)), far);
  view.draw();
  return { document, view, text: id => document.getElementById(id).text };
}

test('only an archive that was held against a known head is verified', () => {
  const { sealOf } = load();
  assert.deepEqual(sealOf({ findings: null, pinned: false }),
    { text: 'Not verified in this report', color: null });
  assert.deepEqual(sealOf({ findings: 0, pinned: true }),
    { text: 'Verified when this report was made', color: 'good' });
  assert.deepEqual(sealOf({ findings: 0, pinned: false }),
    { text: 'Consistent with its own history when this report was made', color: null });
  assert.deepEqual(sealOf({ findings: 1, pinned: true }),
    { text: '1 thing in the archive not as committed', color: 'bad' });
});

test('the command that verifies names the head', async () => {
  const { verifyCommand } = load();
  assert.equal(verifyCommand({ head: 'ab12' }), 'trailmill verify ARCHIVE --head ab12');
  assert.equal(verifyCommand({ head: '' }), 'trailmill verify ARCHIVE --head DIGEST');
  const { text } = await archive();
  assert.match(text('p-seal'), /Verifiednot in this report: run trailmill verify ARCHIVE --head ab12$/);
});

test('what proves the archive', async () => {
  const { document } = await archive({ archive: { signed_by: 'cd34', first: null, commits: 1200 } });
  const texts = tag => document.getElementById('p-seal').querySelectorAll(tag).map(element => element.text);
  assert.deepEqual(texts('dt').map((term, at) => [term, texts('dd')[at]]).slice(0, 6), [
    ['Head', 'ab12'], ['Commits', '1,200'], ['First commit', 'unknown'],
    ['Last commit', '2026-11-20 12:00:00 UTC'], ['Parts', '1 (1.2 kB)'], ['Signed by', 'cd34'],
  ]);
  const unsigned = await archive({ archive: { head: '' } });
  assert.match(unsigned.text('p-seal'), /^Headnone.*Signed bynobody/);
});

test('what was found is said', async () => {
  const found = await archive({ archive: { findings: 3, pinned: true } });
  assert.match(found.text('p-seal'), /Verified3 findings: run trailmill verify$/);
  assert.equal(found.document.getElementById('seal').class, 'bad');
  const pinned = await archive({ archive: { findings: 0, pinned: true } });
  assert.match(pinned.text('p-seal'), /Verifiedyes: every file is as it was committed/);
  const own = await archive({ archive: { findings: 0, pinned: false } });
  assert.match(own.text('p-seal'), /no head that was kept elsewhere was given \(--head\)/);
});

test('the title and the figures of the whole', async () => {
  const { document, text } = await archive({ title: 'a\u202eb', filter: 'actor x\u0007' });
  assert.equal(document.title, 'Activity in a\uFFFDb');
  assert.equal(text('lead'), '5 events from 20 Nov 2026 to 21 Nov 2026, '
    + '1 of them without a usable time, by 2 actors with 1 key in 2 accounts. Only events actor x\uFFFD.');
  assert.equal(text('seal'), 'Not verified in this report, as of commit 1, 2026-11-20 12:00:00 UTC.');
});

test('what came in is what was kept and what was turned away', async () => {
  const { document, text } = await archive({
    archive: { read: 200, written: 150, duplicates: 30, quarantined: 20, filtered: 0 },
  });
  const rows = document.getElementById('p-counts').querySelectorAll('.row');
  assert.deepEqual(rows.map(row => row.querySelector('.count').text), ['150', '30', '20', '0']);
  const widths = rows.map(row => row.querySelector('i')?.properties.width);
  assert.deepEqual(widths, ['75%', '15%', '10%', undefined]);
  assert.ok(text('p-counts').endsWith('200 records read in all runs. '
    + 'Nothing is dropped: read = archived + duplicates + quarantined + filtered.'));
});

test('an archive without times has no days, one of a single day has that', async () => {
  const lead = async span => (await archive({ span, timeless: 0 })).text('lead');
  assert.match(await lead([null, null]), /^5 events, by 2 actors/);
  assert.match(await lead([noon, noon + 1]), /^5 events on 20 Nov 2026, by 2 actors/);
});

test('commits with duplicates or quarantine are listed, the newest first', async () => {
  const newest = [
    [1, 'run', noon, 9, 8, 1, 0, 0], [2, 'run', noon, 5, 5, 0, 0, 0], [3, 'compact', null, 7, 6, 0, 0, 1],
  ];
  const { document, text } = await archive({ archive: { newest, read: 21, duplicates: 1, quarantined: 1 } });
  const rows = document.getElementById('p-counts').querySelectorAll('tbody tr');
  assert.deepEqual(rows.map(row => row.children.map(cell => cell.text)),
    [['3 compact', '', '7', '0', '1'], ['1 run', '2026-11-20 12:00:00', '9', '1', '0']]);
  assert.match(text('p-counts'), /21 records read in all runs\./);
  const { document: without } = await archive();
  assert.equal(without.getElementById('p-counts').querySelector('table'), null);
});

test('what the page leaves out is said', async () => {
  const coarse = 'Times are counted in stretches of 1 hour; that is as close as one can zoom.';
  assert.deepEqual((await archive()).view.notes(), [coarse]);
  const { view } = await archive({ events: 6, unreadable: 2, folded: { actor: ['jane'] } }, 1);
  assert.deepEqual(view.notes(), [
    'Of actors the most frequent are told apart; the rest, 3 events, count as “others”.',
    '1 event is counted but not embedded: trailmill report --detail-budget embeds more, '
      + 'trailmill search finds them.',
    '1 event of a time far from all others is not drawn in the activity: give dates to see when.',
    coarse,
    '2 lines of the archive could not be read as events.',
  ]);
});

// The whole archive: what came in, what proves it, and what this page leaves out. No filter acts on it.

const COUNTED = { actor: 'actor', key: 'key', account: 'account' };
const MANY = {
  actor: 'actors', key: 'keys', action: 'actions',
  resource: 'resources', address: 'addresses', account: 'accounts',
};

class ArchiveFacts {
  // `far` events are left out of the activity.
  constructor(model, far) {
    this.model = model;
    this.data = model.data;
    this.archive = model.data.archive;
    this.far = far;
  }

  draw() {
    this.drawTitle();
    this.drawSeal();
    this.drawCounts();
    this.drawIntegrity();
    this.drawNotes();
  }

  drawTitle() {
    const { data } = this;
    const title = 'Activity in ' + clean(data.title);
    document.title = title;
    fill(byID('title'), title);
    const distinct = dimension => bold(counted(data.distinct[dimension], COUNTED[dimension]));
    fill(byID('lead'), bold(counted(data.events, 'event')), this.daysOfAll(), this.timeless(),
      ', by ', distinct('actor'),
      ' with ', distinct('key'), ' in ', distinct('account'), '.',
      data.filter ? ' Only events ' + clean(data.filter) + '.' : '');
  }

  daysOfAll() {
    const [first, last] = this.data.span;
    if (first === null) return '';
    const from = dayText(first);
    const to = dayText(last);
    return from === to ? ' on ' + from : ' from ' + from + ' to ' + to;
  }

  // Events that no date covers.
  timeless() {
    const { timeless } = this.data;
    return timeless ? ', ' + grouped(timeless) + ' of them without a usable time' : '';
  }

  drawSeal() {
    const { commits, last } = this.archive;
    const { text, color } = sealOf(this.archive);
    const seal = byID('seal');
    if (color) seal.classList.add(color);
    const time = last === null ? '' : ', ' + momentText(last) + ' UTC';
    fill(seal, bold(text), ', as of commit ' + grouped(commits) + time + '.');
  }

  drawCounts() {
    const { read, written, duplicates, quarantined, filtered } = this.archive;
    const rows = [
      ['archived', written], ['duplicates, kept once', duplicates],
      ['quarantined, kept with the reason', quarantined], ['filtered by the definition', filtered],
    ];
    const items = rows.map(([name, count]) => el('li', {}, el('div', { class: 'row' },
      el('span', { class: 'line' }, el('span', { class: 'name' }, name),
        el('span', { class: 'count' }, grouped(count))),
      meter([[null, count]], read))));
    fill(byID('p-counts'), el('ul', { class: 'bars' }, ...items),
      el('p', { class: 'rest' }, counted(read, 'record') + ' read in all runs. '
        + 'Nothing is dropped: read = archived + duplicates + quarantined + filtered.'),
      this.commitTable());
  }

  // The newest commits that have duplicates or quarantined records; null where none has.
  commitTable() {
    const rows = this.archive.newest
      .map(([number, kind, time, read, , duplicates, , quarantined]) => (
        { number, kind, time, read, duplicates, quarantined }))
      .filter(commit => commit.duplicates || commit.quarantined)
      .reverse()
      .map(commit => [
        grouped(commit.number) + ' ' + commit.kind, commit.time === null ? '' : momentText(commit.time),
        grouped(commit.read), grouped(commit.duplicates), grouped(commit.quarantined),
      ]);
    if (!rows.length) return null;
    return el('details', { class: 'table' }, el('summary', {}, 'Commits with duplicates or quarantine'),
      el('div', {}, tableOf(['Commit', 'Time (UTC)', 'Read', 'Duplicates', 'Quarantined'], rows)));
  }

  drawIntegrity() {
    const { archive } = this;
    const time = time => time === null ? 'unknown' : momentText(time) + ' UTC';
    fill(byID('p-seal'), ...termsOf([
      ['Head', el('code', {}, archive.head || 'none')],
      ['Commits', grouped(archive.commits)],
      ['First commit', time(archive.first)],
      ['Last commit', time(archive.last)],
      ['Parts', grouped(archive.parts) + ' (' + bytesText(archive.bytes) + ')'],
      ['Signed by', el('code', {}, archive.signed_by || 'nobody')],
      ['Verified', this.verified()],
    ]));
  }

  verified() {
    const { findings, pinned } = this.archive;
    if (findings === null) {
      return el('span', {}, 'not in this report: run ', el('code', {}, verifyCommand(this.archive)));
    }
    if (findings > 0) return counted(findings, 'finding') + ': run trailmill verify';
    if (pinned) return 'yes: every file is as it was committed, up to the head that was kept elsewhere';
    return 'every file is as the manifests say; no head that was kept elsewhere was given (--head), '
      + 'so an archive that was made anew, or cut at its end, would look the same';
  }

  drawNotes() {
    fill(byID('p-notes'), el('h3', {}, 'What this page leaves out'),
      el('ul', { class: 'notes' }, ...this.notes().map(note => el('li', {}, note))));
  }

  notes() {
    const { data, model, far } = this;
    const left = data.events - data.details.rows.length;
    const notes = Object.keys(MANY).filter(dimension => model.names[dimension][OTHERS].count)
      .map(dimension => 'Of ' + MANY[dimension] + ' the most frequent are told apart; the rest, '
        + counted(model.names[dimension][OTHERS].count, 'event') + ', count as “others”.');
    if (left > 0) {
      notes.push(counted(left, 'event') + (left === 1 ? ' is' : ' are') + ' counted but not embedded: '
        + 'trailmill report --detail-budget embeds more, trailmill search finds them.');
    }
    if (far) {
      notes.push(counted(far, 'event') + ' of a time far from all others ' + (far === 1 ? 'is' : 'are')
        + ' not drawn in the activity: give dates to see when.');
    }
    notes.push('Times are counted in stretches of ' + durationText(model.width)
      + '; that is as close as one can zoom.');
    if (data.unreadable) {
      notes.push(counted(data.unreadable, 'line') + ' of the archive could not be read as events.');
    }
    return notes;
  }
}

// What is said of the verification; green only where the head was kept elsewhere.
function sealOf({ findings, pinned }) {
  if (findings === null) return { text: 'Not verified in this report', color: null };
  if (findings > 0) {
    return { text: counted(findings, 'thing') + ' in the archive not as committed', color: 'bad' };
  }
  if (pinned) return { text: 'Verified when this report was made', color: 'good' };
  return { text: 'Consistent with its own history when this report was made', color: null };
}

function verifyCommand({ head }) {
  return 'trailmill verify ARCHIVE --head ' + (head || 'DIGEST');
}

// Who, by which key, what, from where, and how well attributed: one list for each.

const LISTS = [
  'actor', 'key', 'action', 'resource', 'address', 'account', 'match', 'from', 'flags', 'candidates',
];

class Lists {
  constructor(model, refresh) {
    this.model = model;
    this.lists = Object.fromEntries(LISTS.map(id => [id, new BarList(model, id, refresh)]));
    // Whether addresses are shown by their blocks.
    this.isByBlock = false;
    byID('blocks').addEventListener('click', () => {
      this.isByBlock = !this.isByBlock;
      model.set('address', null);
    });
  }

  draw() {
    this.drawActors();
    this.drawKeys();
    for (const dimension of ['action', 'resource', 'account']) this.drawPlain(dimension);
    if (this.isByBlock) this.drawBlocks();
    else this.drawPlain('address');
    byID('blocks').setAttribute('aria-pressed', String(this.isByBlock));
    this.drawMatches();
    this.drawSources();
    this.drawFlags();
    this.drawCandidates();
  }

  row(dimension, code) {
    const { model } = this;
    return {
      name: model.labelOf(dimension, code),
      count: model.sums[dimension][code],
      isOn: model.isOn(dimension, code),
      press: model.isPickable(dimension, code) ? () => model.pick(dimension, code) : null,
    };
  }

  rows(dimension) {
    return this.model.ranked(dimension).map(code => this.row(dimension, code));
  }

  drawPlain(dimension) {
    this.lists[dimension].draw(this.rows(dimension), this.othersNote(dimension));
  }

  othersNote(dimension) {
    const others = this.model.sums[dimension][OTHERS];
    return others ? 'Others, not told apart here: ' + counted(others, 'event') + '.' : null;
  }

  // The rows of a dimension; `describe` says more of the first of them, from what comes together with each.
  described(dimension, others, describe) {
    const { model } = this;
    const codes = model.ranked(dimension);
    const first = codes.slice(0, MORE_ROWS);
    const together = model.together(dimension, first, ...others);
    return codes.map((code, number) => {
      const row = this.row(dimension, code);
      return number < first.length ? { ...row, ...describe(code, ...together[number]) } : row;
    });
  }

  drawActors() {
    const rows = this.described('actor', ['key', 'from', 'kind'], (code, keys, sources, kinds) => {
      const parts = this.kindParts(kinds);
      const sub = this.kindText(parts) + this.actorText(keys, sources) + this.seenText('actor', code);
      return { parts, sub };
    });
    this.lists.actor.draw(rows, this.othersNote('actor'));
  }

  actorText(keys, sources) {
    const { model } = this;
    const labels = mostFrequent(sources).map(source => fromLabel(model.names.from[source].name));
    const known = mostFrequent(keys).filter(key => key !== NOTHING).map(key => model.keyName(key));
    const byKey = known.length ? ' · by key ' + firstOf(known, 2) : '';
    return 'from ' + firstOf([...new Set(labels)], 2) + byKey;
  }

  drawKeys() {
    const rows = this.described('key', ['actor', 'kind'], (code, callers, kinds) => {
      const parts = this.kindParts(kinds);
      const sub = this.kindText(parts) + this.keyText(code, callers) + this.seenText('key', code);
      return { parts, sub };
    });
    this.lists.key.draw(rows, this.othersNote('key'));
  }

  keyText(code, callers) {
    const { model } = this;
    const { type, owner, scopes } = model.keys[code];
    const id = model.nameOf('key', code);
    const names = mostFrequent(callers).map(caller => model.nameOf('actor', caller));
    return [
      model.keyName(code) === id ? '' : isolated(id),
      type ? isolated(clean(type)) : '',
      owner ? 'owner ' + isolated(clean(owner)) : '',
      scopes ? 'scopes ' + firstOf(textsOf(scopes), 3) : '',
      counted(names.length, 'caller') + ': ' + firstOf(names, 2),
    ].filter(Boolean).join(' · ');
  }

  kindParts(kinds) {
    return KINDS.map(kind => {
      const unclassified = kind === UNKNOWN_KIND ? kinds.get(NOTHING) || 0 : 0;
      return ['c' + kind, (kinds.get(kind) || 0) + unclassified];
    });
  }

  // The kinds in words, for those who do not tell the colours apart.
  kindText(parts) {
    const names = KINDS.map(kind => this.model.kindNames[kind]);
    return names.filter((name, number) => parts[number][1]).join(', ') + ' · ';
  }

  // The days between which events have the name, whatever the filters.
  seenText(dimension, code) {
    const { first, last } = this.model.names[dimension][code];
    return first === null ? '' : ' · ' + daysText(first, last);
  }

  drawBlocks() {
    const { model } = this;
    const blockOf = code => model.data.blocks[code] || 'no address';
    const sums = new Map();
    model.sums.address.forEach((count, code) => {
      if (count && code > OTHERS) sums.set(blockOf(code), (sums.get(blockOf(code)) || 0) + count);
    });
    const rows = byCount(sums).map(([block, count]) => ({
      name: block,
      count,
      isOn: model.isOn('address', block),
      press: () => model.toggle('address', block, block, code => code > OTHERS && blockOf(code) === block),
    }));
    this.lists.address.draw(rows, this.othersNote('address'));
  }

  drawMatches() {
    const { model } = this;
    const rows = model.ranked('match').map(code => (
      { ...this.row('match', code), sub: MATCH_WORDS[model.names.match[code].name] }));
    const none = model.sums.match[NOTHING];
    this.lists.match.draw(rows, none ? 'Not attributed: ' + counted(none, 'event') + '.' : null);
  }

  drawSources() {
    const { model } = this;
    const rows = model.ranked('from').map(code => (
      { ...this.row('from', code), sub: fromWords(clean(model.names.from[code].name)) }));
    this.lists.from.draw(rows);
  }

  drawFlags() {
    const { model } = this;
    const rows = model.memberSums('flags').map(([flag, count]) => ({
      name: flag,
      count,
      sub: FLAG_WORDS[flag],
      isOn: model.isOn('flags', flag),
      press: () => model.pickMember('flags', flag),
    }));
    this.lists.flags.draw(rows);
  }

  // Events in which nobody is named, by whom they may be of; nothing where the archive has none.
  drawCandidates() {
    const { model } = this;
    const { sums: { candidates: sums }, candidates } = model;
    byID('several').hidden = model.columns.candidates.every(code => code === NOTHING);
    const rows = model.memberSums('candidates').map(([name, count]) => ({
      name,
      count,
      sub: 'may be theirs',
      isOn: model.isOn('candidates', name),
      press: () => model.pickMember('candidates', name),
    }));
    const open = sums.reduce((sum, count, code) => sum + (candidates[code].others ? count : 0), 0);
    const events = sums.reduce((sum, count) => sum + count, 0) - sums[NOTHING];
    fill(byID('n-candidates'), bold(counted(events, 'event')),
      ' could be of several people, and nobody is named. '
      + 'Each counts here for everybody it names, and for nobody above.'
      + (open ? ' ' + counted(open, 'event') + ' may be of others, too, whom it does not name.' : ''));
    this.lists.candidates.draw(rows, this.othersNote('candidates'));
  }
}

// The numbers of a map from numbers to counts, the most frequent first.
function mostFrequent(counts) {
  return [...counts].sort((left, right) => right[1] - left[1] || left[0] - right[0]).map(([code]) => code);
}

extension PageScript {
  /// What is said of the whole, the filters above, and the beginning.
  static let start = #"""
    const bold = text => el('b', {}, text);
    function drawWhole() {
      const a = D.archive, [first, last] = D.span, title = clean(D.title);
      document.title = 'Activity in ' + title;
      fill($('title'), 'Activity in ' + title);
      const distinct = dim => many(D.distinct[dim], { actor: 'actor', key: 'key', account: 'account' }[dim]);
      fill($('lead'), bold(many(D.events, 'event')), first === null ? '' : day(first) === day(last) ? ' on ' + day(first) : ' from ' + day(first) + ' to ' + day(last),
        ', by ', bold(distinct('actor')), ' with ', bold(distinct('key')), ' in ', bold(distinct('account')), '.', D.filter ? ' Only events ' + clean(D.filter) + '.' : '');
      const verified = a.findings === 0, seal = $('seal');
      seal.classList.add(...(a.findings === null || verified && !a.pinned ? [] : [verified ? 'good' : 'bad']));
      fill(seal, bold(a.findings === null ? 'Not verified in this report' : verified ? (a.pinned ? 'Verified when this report was made' : 'Consistent with its own history when this report was made') : many(a.findings, 'thing') + ' in the archive not as committed'), ', as of commit ' + num(a.commits) + (a.last === null ? '' : ', ' + moment(a.last) + ' UTC') + '.');
      bars2('counts', [['archived', a.written], ['duplicates, kept once', a.duplicates], ['quarantined, kept with the reason', a.quarantined], ['filtered by the definition', a.filtered]], a.read);
      const facts = [['Head', el('code', {}, a.head || 'none')], ['Commits', num(a.commits)], ['First commit', a.first === null ? 'unknown' : moment(a.first) + ' UTC'], ['Last commit', a.last === null ? 'unknown' : moment(a.last) + ' UTC'],
        ['Parts', num(a.parts) + ' (' + (a.bytes < 1e6 ? (a.bytes / 1e3).toFixed(1) + ' kB' : a.bytes < 1e9 ? (a.bytes / 1e6).toFixed(1) + ' MB' : (a.bytes / 1e9).toFixed(2) + ' GB') + ')'], ['Signed by', el('code', {}, a.signed_by || 'nobody')],
        ['Verified', a.findings === null ? el('span', {}, 'not in this report: run ', el('code', {}, 'trailmill verify ARCHIVE --head ' + (a.head || 'DIGEST'))) : verified ? (a.pinned ? 'yes: every file is as it was committed, up to the head that was kept elsewhere' : 'every file is as the manifests say; no head that was kept elsewhere was given (--head), so an archive that was made anew, or cut at its end, would look the same') : many(a.findings, 'finding') + ': run trailmill verify']];
      fill($('p-seal'), ...facts.flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, v)]));
      drawNotes();
    }
    function bars2(id, rows, of) {
      const width = n => ({ width: (of ? 100 * n / of : 0) + '%' });
      fill($('p-' + id), el('ul', { class: 'bars' }, ...rows.map(([name, n]) => el('li', {}, el('div', { class: 'row' }, el('span', { class: 'line' }, el('span', { class: 'name' }, name), el('span', { class: 'count' }, num(n))),
        el('span', { class: 'meter', 'aria-hidden': 'true' }, n ? el('i', { css: width(n) }) : null))))), el('p', { class: 'rest' }, many(of, 'record') + ' read in all runs. Nothing is dropped: read = archived + duplicates + quarantined + filtered.'));
      const newest = D.archive.newest.filter(c => c[5] || c[7]);
      if (newest.length) $('p-' + id).append(el('details', { class: 'table' }, el('summary', {}, 'Commits with duplicates or quarantine'), el('div', {}, el('table', {}, el('thead', {}, el('tr', {}, ...['Commit', 'Time (UTC)', 'Read', 'Duplicates', 'Quarantined'].map(h => el('th', { scope: 'col' }, h)))),
        el('tbody', {}, ...newest.reverse().map(c => el('tr', {}, ...[num(c[0]) + ' ' + c[1], c[2] === null ? '' : moment(c[2]), num(c[3]), num(c[5]), num(c[7])].map(v => el('td', {}, v)))))))));
    }
    function drawNotes() {
      const notes = [];
      for (const dim of ['actor', 'key', 'action', 'resource', 'address', 'account']) {
        const others = D.names[dim][OTHERS][1];
        if (others) notes.push('Of ' + { actor: 'actors', key: 'keys', action: 'actions', resource: 'resources', address: 'addresses', account: 'accounts' }[dim] + ' the most frequent are told apart; the rest, ' + many(others, 'event') + ', count as “others”.');
      }
      if (D.events > ROWS.length) notes.push(many(D.events - ROWS.length, 'event') + ' ' + (D.events - ROWS.length === 1 ? 'is' : 'are') + ' counted but not embedded: trailmill report --detail-budget embeds more, trailmill search finds them.');
      if (FAR) notes.push(many(FAR, 'event') + ' of a time far from all others ' + (FAR === 1 ? 'is' : 'are') + ' not drawn in the activity: give dates to see when.');
      notes.push('Times are counted in stretches of ' + span(WIDTH) + '; that is as close as one can zoom.');
      if (D.unreadable) notes.push(many(D.unreadable, 'line') + ' of the archive could not be read as events.');
      fill($('p-notes'), el('h3', {}, 'What this page leaves out'), el('ul', { class: 'notes' }, ...notes.map(n => el('li', {}, n))));
    }

    function drawStatus() {
      const some = filters.size || when.since !== null || when.until !== null;
      const blind = [...filters.values()].some(f => typeof f.value === 'string' && FOLDED.includes(f.dim));
      fill($('status'), bold(num(total)), some ? ' of ' + many(D.events, 'event') : ' ' + (total === 1 ? 'event' : 'events') + (D.filter ? ' of those asked for' : ', no filter'),
        WIDTH > DAY && (when.since !== null || when.until !== null) ? '; times are counted by ' + span(WIDTH) : null,
        blind ? '; names counted as “others” are not among them: ask trailmill report --' + [...filters.keys()].find(dim => FOLDED.includes(dim)) : null);
      const chip = (label, clear) => el('li', {}, el('button', { type: 'button', title: 'Remove this filter', dir: 'auto', on: { click: () => { clear(); (document.querySelector('#chips button') || $('f-actor')).focus({ preventScroll: true }); } } }, label + ' ×'));
      const time = when.since === null && when.until === null ? [] : [chip(when.since === null ? 'before ' + moment(when.until).slice(0, 16) : when.until === null ? 'from ' + moment(when.since).slice(0, 16) : stretch(when.since, when.until), () => setTime(null, null))];
      fill($('chips'), ...[...filters].map(([id, f]) => chip(id + ': ' + apart(f.label), () => set(id, null))), ...time);
      for (const dim of ['actor', 'key', 'action', 'account']) if (document.activeElement !== $('f-' + dim)) $('f-' + dim).value = filters.has(dim) ? filters.get(dim).label : '';
      for (const [id, t] of [['f-since', when.since], ['f-until', when.until === null ? null : when.until - 1]]) if (document.activeElement !== $(id)) $(id).value = t === null ? '' : iso(t).slice(0, 10);
    }
    function refresh() { count(); drawStatus(); drawChart(); drawSignals(); drawLists(); findEvents(); }

    for (const dim of ['actor', 'key', 'action', 'account']) {
      const label = dim === 'key' ? keyName : code => nameOf(dim, code);
      const names = D.names[dim].map((n, code) => label(code)), plain = names.map((n, code) => (n + ' ' + nameOf(dim, code)).toLowerCase());
      fill($('l-' + dim), ...[...new Set(names.slice(2))].slice(0, 2000).map(n => el('option', { value: n })));
      $('f-' + dim).addEventListener('change', e => {
        const text = e.target.value.trim();
        if (!text) return set(dim, null);
        const exact = new Set(names.flatMap((n, code) => code > OTHERS && pickable(dim, code) && n === text ? [code] : []));
        const test = exact.size ? c => exact.has(c) : c => c > OTHERS && pickable(dim, c) && plain[c].includes(text.toLowerCase());
        set(dim, { dim, value: exact.size === 1 ? [...exact][0] : text, label: text, ok: passing(dim, test) });
      });
    }
    // A year that is only half typed is none.
    const date = (id, shift) => { const t = Date.parse($(id).value + 'T00:00:00Z'); return t >= Date.UTC(1000, 0) ? t + shift : null; };
    $('f-since').addEventListener('change', () => setTime(date('f-since', 0), when.until));
    $('f-until').addEventListener('change', () => setTime(when.since, date('f-until', DAY)));
    $('form').addEventListener('submit', e => e.preventDefault());
    $('reset').addEventListener('click', () => { filters.clear(); setTime(null, null); });
    $('blocks').addEventListener('click', () => { byBlock = !byBlock; filters.delete('address'); refresh(); });
    let waiting = 0;
    addEventListener('resize', () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => { drawChart(); drawSignals(); drawRows(); }); });
    for (const [type, on] of [['beforeprint', true], ['afterprint', false]]) addEventListener(type, () => { printing = on; drawChart(); drawSignals(); });
    drawWhole();
    refresh();
    document.documentElement.dataset.ready = '1';

    """#
}

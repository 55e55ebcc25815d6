extension PageScript {
  /// Who, what, from where, how well attributed: lists with bars, each row a filter.
  static let lists = #"""
    const FEW = 8, MORE = 40;
    const longer = new Map();

    // rows: {name, count, sub, parts: [[class, count]], on, act}
    function bars(id, rows, unlisted) {
      const host = $('p-' + id), most = rows.reduce((m, r) => Math.max(m, r.count), 0);
      const shown = rows.slice(0, longer.get(id) || FEW);
      const items = shown.map(r => el('li', {}, el(r.act ? 'button' : 'div', { class: 'row', type: r.act ? 'button' : null, 'aria-pressed': r.act ? String(!!r.on) : null, tabindex: r.act ? null : -1, title: r.name,
          on: r.act ? { click: () => { r.act(); focusAgain(id, r.name); } } : {} },
        el('span', { class: 'line' }, el('span', { class: 'name', dir: 'auto' }, r.name), el('span', { class: 'count' }, num(r.count), el('span', { class: 'vh' }, ' events, '), ' · ' + percent(r.count, total))),
        r.sub ? el('span', { class: 'sub', title: r.sub }, r.sub) : null,
        el('span', { class: 'meter', 'aria-hidden': 'true' }, ...(r.parts || [['', r.count]]).filter(p => p[1]).map(([c, n]) => el('i', { class: c, css: { width: 100 * n / most + '%' } }))))));
      const hidden = rows.length - shown.length;
      fill(host, rows.length ? el('ul', { class: 'bars' }, ...items) : el('p', { class: 'rest' }, 'None.'),
        hidden > 0 ? el('button', { type: 'button', class: 'more', on: { click: () => { longer.set(id, shown.length < MORE ? MORE : shown.length * 5); refresh(); host.querySelectorAll('.row')[shown.length]?.focus({ preventScroll: true }); } } }, 'Show more (' + num(hidden) + ')') : null,
        hidden > 0 ? el('p', { class: 'rest paper' }, many(hidden, 'more', 'more') + ', not printed.') : null,
        unlisted ? el('p', { class: 'rest' }, unlisted) : null);
    }
    // A row that was pressed is a new element by now: whoever uses the keyboard goes on from there.
    function focusAgain(id, name) {
      for (const row of ($('p-' + id) || $(id)).querySelectorAll('.row')) if (row.title === name) return row.focus({ preventScroll: true });
      document.querySelector('#chips button')?.focus({ preventScroll: true });
    }

    const ranked = dim => { const s = sums[dim], out = []; for (let code = 0; code < s.length; code++) if (s[code] && code !== OTHERS && (code !== NONE || dim === 'account')) out.push(code); return out.sort((a, b) => s[b] - s[a] || a - b); };
    // For the rows that are shown, how often they come with what else: one pass for all of them.
    function beside(dim, codes, ...others) {
      const at = new Int32Array(D.names[dim].length).fill(-1);
      codes.forEach((code, n) => { at[code] = n; });
      const out = codes.map(() => others.map(o => new Float64Array(D.names[o].length)));
      const col = C[dim];
      others.forEach((o, k) => { const c = C[o]; for (const i of kept) { const n = at[col[i]]; if (n >= 0) out[n][k][c[i]] += C.count[i]; } });
      return out.map(row => row.map(sums => { const map = new Map(); sums.forEach((n, code) => { if (n) map.set(code, n); }); return map; }));
    }
    const top = map => [...map].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(e => e[0]);
    // The kinds in words: colour alone tells them nobody who cannot see it.
    const kindWords = parts => parts.map(([, n], k) => n ? KINDS[k + 1] : '').filter(Boolean).join(', ') + ' · ';
    const kindParts = map => [1, 2, 3, 4].map(k => ['c' + k, (map.get(k) || 0) + (k === 4 ? map.get(0) || 0 : 0)]);
    const some = (words, n) => words.slice(0, n).map(apart).join(', ') + (words.length > n ? ' and ' + (words.length - n) + ' more' : '');
    function seen(dim, code) {
      const [, , first, last] = D.names[dim][code];
      if (first === null) return '';
      const from = day(first), to = day(last);
      return ' · ' + (from === to ? '' : (from.slice(-4) === to.slice(-4) ? from.slice(0, -5) : from) + ' – ') + to;
    }
    function foldNote(dim) {
      const s = sums[dim][OTHERS];
      return s ? 'Others, not told apart here: ' + many(s, 'event') + '.' : null;
    }
    function simple(dim) {
      const codes = ranked(dim);
      bars(dim, codes.map(code => ({ name: nameOf(dim, code), count: sums[dim][code], on: isOn(dim, code), act: pickable(dim, code) ? () => pick(dim, code) : null })), foldNote(dim));
    }
    let byBlock = false;

    function drawLists() {
      const actors = ranked('actor'), few = actors.slice(0, MORE), a = beside('actor', few, 'key', 'from', 'kind');
      bars('actor', actors.map((code, n) => {
        const row = { name: nameOf('actor', code), count: sums.actor[code], on: isOn('actor', code), act: pickable('actor', code) ? () => pick('actor', code) : null };
        if (n < few.length) {
          const keys = top(a[n][0]).filter(k => k !== NONE), from = top(a[n][1]).map(f => D.names.from[f][0]);
          row.parts = kindParts(a[n][2]);
          row.sub = kindWords(row.parts) + 'from ' + some([...new Set(from.map(f => f ? clean(f.replace(/^claim:/, 'claim ').replace(/^template:/, 'template ').replace('_', ' ')) : 'the event'))], 2)
            + (keys.length ? ' · by key ' + some(keys.map(keyName), 2) : '') + seen('actor', code);
        }
        return row;
      }), foldNote('actor'));
      const keys = ranked('key'), fewKeys = keys.slice(0, MORE), k = beside('key', fewKeys, 'actor', 'kind');
      bars('key', keys.map((code, n) => {
        const [, type, owner, scopes] = D.keys[code];
        const row = { name: keyName(code), count: sums.key[code], on: isOn('key', code), act: pickable('key', code) ? () => pick('key', code) : null };
        if (n < fewKeys.length) {
          const callers = top(k[n][0]);
          row.parts = kindParts(k[n][1]);
          row.sub = kindWords(row.parts) + [keyName(code) !== nameOf('key', code) ? apart(nameOf('key', code)) : '', apart(clean(type)), owner ? 'owner ' + apart(clean(owner)) : '', scopes ? 'scopes ' + some(list(scopes), 3) : '',
            many(callers.length, 'caller') + ': ' + some(callers.map(c => nameOf('actor', c)), 2)].filter(text => text && text !== apart('')).join(' · ') + seen('key', code);
        }
        return row;
      }), foldNote('key'));
      for (const dim of ['action', 'resource', 'account']) simple(dim);
      if (byBlock) drawBlocks(); else simple('address');
      $('blocks').setAttribute('aria-pressed', String(byBlock));
      bars('match', ranked('match').map(code => ({ name: nameOf('match', code), count: sums.match[code], sub: MATCH[D.names.match[code][0]], on: isOn('match', code), act: () => pick('match', code) })),
        sums.match[NONE] ? 'Not attributed: ' + many(sums.match[NONE], 'event') + '.' : null);
      bars('from', ranked('from').map(code => ({ name: nameOf('from', code), count: sums.from[code], sub: fromWords(clean(D.names.from[code][0])), on: isOn('from', code), act: () => pick('from', code) })));
      bars('flags', memberSums('flags').map(([m, n]) => ({ name: m, count: n, sub: FLAG[m], on: isOn('flags', m), act: () => pickMember('flags', m) })));
    }
    function drawBlocks() {
      const blocks = new Map();
      sums.address.forEach((n, code) => { if (n && code > OTHERS) { const b = D.blocks[code] || 'no address'; blocks.set(b, (blocks.get(b) || 0) + n); } });
      bars('address', [...blocks].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([b, n]) =>
        ({ name: b, count: n, on: isOn('address', b), act: () => toggle('address', 'address', b, b, c => c > OTHERS && (D.blocks[c] || 'no address') === b) })), foldNote('address'));
    }

    """#
}

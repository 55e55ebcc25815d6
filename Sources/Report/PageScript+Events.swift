extension PageScript {
  /// The events that are embedded: a list that draws only what is seen, and one event in words.
  static let events = #"""
    const ROW = 44, ROWS = D.details.rows, AT = Object.fromEntries(DIMS.map((dim, n) => [dim, n + 1]));
    const PART = DIMS.length + 1, LINE = PART + 1, TEXT = LINE + 1;
    let found = [], chosen = -1;

    function findEvents() {
      const active = [...filters.values()].map(f => [AT[f.dim], f.ok]), { since, until } = when;
      const keep = chosen >= 0 ? found[chosen] : null;
      found = [];
      next: for (let n = 0; n < ROWS.length; n++) {
        const row = ROWS[n];
        for (const [at, ok] of active) if (!ok[row[at]]) continue next;
        if (since !== null && !(row[0] !== null && row[0] >= since) || until !== null && !(row[0] !== null && row[0] < until)) continue;
        found.push(n);
      }
      chosen = keep === null ? -1 : found.indexOf(keep);
      if (chosen < 0) fill($('detail'), el('p', { class: 'note' }, found.length ? 'Choose an event to see who it was, and how we know.' : D.events ? 'No embedded event passes the filters.' : 'There is no event.'));
      $('sizer').style.height = found.length * ROW + 'px';
      const left = D.events - ROWS.length;
      fill($('n-events'), many(found.length, 'event') + (found.length === ROWS.length ? '' : ' of ' + num(ROWS.length)) + ', the newest first. ' + (left
        ? 'This page holds ' + num(ROWS.length) + ' of ' + num(D.events) + ' events themselves, signalled and newest first (--detail-budget); ' + num(left) + ' are in the pictures only.' : D.events ? 'All events are here.' : ''));
      const list = $('list');
      list.style.height = Math.min(found.length * ROW + 2, 544) + 'px';
      if (chosen >= 0) list.scrollTop = Math.max(0, (chosen - 2) * ROW);
      drawRows();
    }
    function drawRows() {
      const host = $('list'), first = Math.max(0, Math.floor(host.scrollTop / ROW) - 4), last = Math.min(found.length, first + Math.ceil(host.clientHeight / ROW) + 8);
      const rows = [];
      for (let n = first; n < last; n++) {
        const row = ROWS[found[n]], signals = sets.signals[row[AT.signals]];
        const what = [nameOf('action', row[AT.action]), row[AT.resource] ? nameOf('resource', row[AT.resource]) : ''].filter(Boolean).join(' · ');
        rows.push(el('div', { class: 'event', role: 'option', id: 'e' + n, 'aria-selected': String(n === chosen), 'aria-setsize': found.length, 'aria-posinset': n + 1, css: { top: n * ROW + 'px' }, on: { click: () => choose(n) } },
          el('div', { class: 'when' }, moment(row[0])), el('div', { class: 'who', dir: 'auto' }, nameOf('actor', row[AT.actor])),
          el('div', { class: signals.length ? 'sig' : 'when' }, signals.length ? '● ' + signals.join(', ').replace(/_/g, ' ') : KINDS[kindOf(row[AT.kind])]), el('div', {}, what)));
      }
      fill($('sizer'), ...rows);
      if (chosen >= first && chosen < last) host.setAttribute('aria-activedescendant', 'e' + chosen); else host.removeAttribute('aria-activedescendant');
    }
    function choose(n) {
      if (n < 0 || n >= found.length) return;
      chosen = n;
      const host = $('list');
      if (n * ROW < host.scrollTop) host.scrollTop = n * ROW;
      if ((n + 1) * ROW > host.scrollTop + host.clientHeight) host.scrollTop = (n + 1) * ROW - host.clientHeight;
      drawRows();
      drawDetail(ROWS[found[n]]);
    }
    $('list').addEventListener('scroll', () => requestAnimationFrame(drawRows), { passive: true });
    $('list').addEventListener('keydown', e => {
      const page = Math.floor($('list').clientHeight / ROW);
      const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: found.length - 1, PageDown: Math.min(found.length - 1, chosen + page), PageUp: Math.max(0, chosen - page) }[e.key];
      if (to === undefined) return;
      e.preventDefault();
      choose(Math.max(0, to));
    });

    // White space between tokens only: every byte of the event stays as it is.
    function indented(text) {
      let out = '', depth = 0, inside = false;
      const line = () => '\n' + '  '.repeat(Math.min(depth, 40));
      for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (inside) { out += c; if (c === '\\') out += text[++i] ?? ''; else if (c === '"') inside = false; continue; }
        if (c === '"') { inside = true; out += c; }
        else if (c === '{' || c === '[') { if (text[i + 1] === '}' || text[i + 1] === ']') out += c + text[++i]; else { depth++; out += c + line(); } }
        else if (c === '}' || c === ']') { depth = Math.max(0, depth - 1); out += line() + c; }
        else if (!' \t\r\n'.includes(c)) out += c === ',' ? c + line() : c === ':' ? ': ' : c;
      }
      return out;
    }
    function drawDetail(row) {
      const code = dim => row[AT[dim]], value = dim => D.names[dim][code(dim)] ? clean(D.names[dim][code(dim)][0]) : '';
      const text = row[TEXT], key = code('key'), signals = sets.signals[code('signals')], flags = sets.flags[code('flags')];
      let added = {};
      try { added = JSON.parse(text).attribution || {}; } catch { }
      const say = [el('p', {}, 'Shown is ' + fromWords(value('from')) + '. ')];
      if (key > OTHERS) say.push(el('p', {}, 'It was done with the key “' + apart(keyName(key)) + '”' + (keyName(key) !== nameOf('key', key) ? ' (' + nameOf('key', key) + ')' : '') + ': ' + (MATCH[value('match')] || 'the match is “' + value('match') + '”') + '.'));
      else if (MATCH[value('match')]) say.push(el('p', {}, 'How we know: ' + MATCH[value('match')] + '.'));
      if (code('kind')) say.push(el('p', {}, (KIND[value('kind')] || value('kind')) + ' (' + (value('kind') || 'unknown') + ').'));
      for (const f of flags) say.push(el('p', {}, el('span', { class: 'badge' }, f), ': ' + (FLAG[f] || 'see the event')));
      for (const s of signals) say.push(el('p', {}, el('span', { class: 'badge' }, '● ' + s.replace(/_/g, ' '))));
      const facts = [['Time', moment(row[0]) + (row[0] === null ? '' : ' UTC')], ['Action', value('action')], ['Resource', value('resource')], ['Address', value('address')], ['Account', value('account')],
        ['Owner', key > OTHERS ? clean(D.keys[key][2]) : ''], ['Type', key > OTHERS ? clean(D.keys[key][1]) : ''],
        ...(added.claims && typeof added.claims === 'object' ? Object.entries(added.claims).slice(0, 12).map(([k, v]) => ['claim ' + clean(k), clean(typeof v === 'string' ? v : JSON.stringify(v))]) : []),
        ['Archived in', clean(D.details.parts[row[PART]] || '') + ', line ' + row[LINE]]];
      const link = (dim, label) => code(dim) > OTHERS && pickable(dim, code(dim)) ? el('button', { type: 'button', 'data-same': dim, on: { click: () => { if (!isOn(dim, code(dim))) pick(dim, code(dim)); } } }, label) : null;
      const pre = el('pre', { tabindex: 0, 'aria-label': 'The event' }, text ? indented(text).split('\n').map(clean).join('\n') : 'Too long for this page: it is in the archive.');
      fill($('detail'), el('h3', { dir: 'auto' }, nameOf('actor', code('actor'))), ...say,
        el('div', { class: 'links' }, link('actor', 'Same actor'), link('key', 'Same key'), link('resource', 'Same resource'), link('address', 'Same address')),
        el('dl', {}, ...facts.filter(f => f[1]).flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, v)])), pre);
      $('detail').scrollTop = 0;
    }

    """#
}

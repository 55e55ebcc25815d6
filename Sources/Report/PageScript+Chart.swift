extension PageScript {
  /// Activity over time and, on the same scale, the signals.
  static let chart = #"""
    const STEPS = [60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 604800, 2419200, 29030400].map(s => s * 1000);
    const HEIGHT = 220, LEFT = 44, FOOT = 22, MOST = 96;
    // The time that is shown at first. Single events of far away (a clock that was wrong, a forged time) would make
    // one stroke of all the rest: they are left out of it, counted, and found by their date.
    const [EVER, FAR] = (() => {
      let none = 0;
      while (none < SIZE && !C.time[none]) none++;
      if (none === SIZE) return [null, 0];
      const at = share => C.time[none + Math.floor((SIZE - 1 - none) * share)];
      const slack = 5 * (at(.99) - at(.01)) + 10 * DAY / WIDTH, low = at(.01) - slack, high = at(.99) + slack;
      let first = Infinity, last = 0, far = 0;
      for (let i = none; i < SIZE; i++) if (C.time[i] < low || C.time[i] > high) far += C.count[i]; else { first = Math.min(first, C.time[i]); last = Math.max(last, C.time[i]); }
      return [[startOf(first), startOf(last) + WIDTH], far];
    })();
    let scale = null, printing = false;

    function measure() {
      if (!EVER) return null;
      let [from, to] = [when.since ?? EVER[0], when.until ?? EVER[1]];
      if (to <= from) to = from + WIDTH;
      const step = STEPS.find(s => s >= WIDTH && (to - from) / s <= MOST) || Math.ceil((to - from) / MOST / DAY) * DAY;
      const zero = D.origin * 1000, floor = t => zero + Math.floor((t - zero) / step) * step;
      from = floor(from); to = floor(to - 1) + step;
      const wide = printing ? 700 : Math.max(320, $('chart').clientWidth || 960);
      const bins = Math.round((to - from) / step);
      return { from, to, step, bins, wide, x: t => LEFT + (t - from) / (to - from) * (wide - LEFT), bin: t => Math.floor((t - from) / step) };
    }
    // The distance of the rules: a round number, at most four of them.
    function nice(most) {
      for (let power = 1; ; power *= 10) for (const f of [1, 2, 5]) if (most <= 4 * f * power) return f * power;
    }
    function ticks(s) {
      const room = Math.max(2, Math.floor((s.wide - LEFT) / 78));
      const step = [...STEPS, 172800e3, 345600e3, 1209600e3, 2 * 2419200e3, 4 * 2419200e3, 2 * 29030400e3, 10 * 29030400e3].sort((a, b) => a - b).find(t => (s.to - s.from) / t <= room && t >= s.step) || (s.to - s.from) / room;
      const zero = D.origin * 1000, out = [];
      for (let t = zero + Math.ceil((s.from - zero) / step) * step; t < s.to && out.length < 40; t += step) out.push(t);
      return out.length ? out.map(t => [t, step < DAY ? (t % DAY === 0 || out.indexOf(t) === 0 ? new Date(t).getUTCDate() + ' ' + MONTHS[new Date(t).getUTCMonth()] + ' ' : '') + clock(t) : day(t).slice(0, step > 300 * DAY ? 99 : -5)]) : [[s.from, day(s.from)]];
    }

    function drawChart() {
      scale = measure();
      const host = $('chart');
      const kinds = [0, 0, 0, 0, 0];
      sums.kind.forEach((n, code) => { kinds[kindOf(code)] += n; });
      fill($('legend'), ...[1, 2, 3, 4].map(k => el('li', {}, el('button', { type: 'button', 'aria-pressed': String(isOn('kind', k)), 'data-kind': k, on: { click: () => { pickKind(k); $('legend').querySelector('[data-kind="' + k + '"]').focus(); } } },
        el('i', { class: 'c' + k }), KINDS[k] + ' ', el('span', {}, num(kinds[k]))))));
      if (!scale) { fill(host, el('p', { class: 'rest' }, D.events ? 'No event has a time.' : 'There is no event.')); fill($('chart-table')); return; }
      const s = scale, bins = Array.from({ length: s.bins }, () => [0, 0, 0, 0, 0]);
      for (const i of kept) {
        if (!C.time[i]) continue;
        const row = bins[s.bin(startOf(C.time[i]))];
        if (row) { row[0] += C.count[i]; row[kindOf(C.kind[i])] += C.count[i]; }
      }
      s.data = bins;
      const most = bins.reduce((m, b) => Math.max(m, b[0]), 0), rule = nice(most), roof = Math.max(1, Math.ceil(most / rule)) * rule;
      const y = n => HEIGHT - FOOT - n / roof * (HEIGHT - FOOT - 8);
      const svg = el('svg:svg', { viewBox: '0 0 ' + s.wide + ' ' + HEIGHT, height: HEIGHT, role: 'img', 'aria-label': 'Events over time: ' + many(total, 'event') + ', at most ' + num(most) + ' in ' + span(s.step) + '. The table below has the numbers.' });
      for (let n = 0; n <= roof; n += rule) svg.append(el('svg:line', { x1: LEFT, x2: s.wide, y1: y(n), y2: y(n), class: n ? 'rule' : 'axis' }), el('svg:text', { x: LEFT - 8, y: y(n) + 4, 'text-anchor': 'end' }, num(n)));
      for (const [t, label] of ticks(s)) svg.append(el('svg:text', { x: s.x(t), y: HEIGHT - 4 }, label), el('svg:line', { x1: s.x(t), x2: s.x(t), y1: HEIGHT - FOOT, y2: HEIGHT - FOOT + 4, class: 'axis' }));
      const wide = (s.wide - LEFT) / s.bins, gap = wide > 4 ? 1 : 0;
      bins.forEach((b, n) => {
        let base = 0;
        for (const k of [1, 2, 3, 4]) {
          if (!b[k]) continue;
          svg.append(el('svg:rect', { class: 'c' + k, x: LEFT + n * wide + Math.max(gap, wide - 48) / 2, width: Math.max(.5, Math.min(wide - gap, 48)), y: y(base + b[k]), height: Math.max(.5, y(base) - y(base + b[k])) }));
          base += b[k];
        }
      });
      svg.append(el('svg:rect', { class: 'brush', id: 'brush', x: 0, y: 0, width: 0, height: HEIGHT - FOOT, visibility: 'hidden' }));
      fill(host, svg, el('div', { class: 'tip', id: 'tip', hidden: true }));
      drawTable(bins, s);
    }
    const span = step => step < HOUR ? many(step / 60e3, 'minute') : step < DAY ? many(step / HOUR, 'hour') : many(step / DAY, 'day');
    function drawTable(bins, s) {
      const row = (cells, tag) => el('tr', {}, ...cells.map((c, n) => el(tag, tag === 'th' ? { scope: 'col' } : {}, c)));
      fill($('chart-table'), el('table', {}, el('caption', { class: 'vh' }, 'Events over time by kind of actor'), el('thead', {}, row(['Time (UTC)', 'All', ...KINDS.slice(1)], 'th')),
        el('tbody', {}, ...bins.map((b, n) => b[0] ? row([stretch(s.from + n * s.step, s.from + (n + 1) * s.step), ...b.map(num)], 'td') : null).filter(Boolean))));
    }

    let moreSignals = 12;
    function drawSignals() {
      const host = $('signals'), s = scale, all = memberSums('signals'), rows = all.slice(0, moreSignals);
      if (!rows.length) return fill(host);
      fill(host, el('h3', {}, 'Signals'), el('ul', { class: 'bars' }, ...rows.map(([name, n]) => {
        const [svg, said] = s ? signalLine(name, s) : [null, ''];
        return el('li', {}, el('button', { class: 'row', type: 'button', title: name, 'aria-pressed': String(isOn('signals', name)), on: { click: () => { pickMember('signals', name); focusAgain('signals', name); } } },
          el('span', { class: 'line' }, el('span', { class: 'name' }, name.replace(/_/g, ' ')), el('span', { class: 'count' }, num(n), el('span', { class: 'vh' }, ' events' + said))), svg));
      })), all.length > rows.length ? el('button', { type: 'button', class: 'more', on: { click: () => { moreSignals *= 5; refresh(); $('signals').querySelectorAll('.row')[rows.length]?.focus({ preventScroll: true }); } } }, 'Show more (' + num(all.length - rows.length) + ')') : null,
        all.length > rows.length ? el('p', { class: 'rest paper' }, many(all.length - rows.length, 'rarer signal') + ', not printed.') : null);
    }
    // A signal's events along the scale of the activity, as a picture and in words.
    function signalLine(name, s) {
      const bins = new Float64Array(s.bins), has = sets.signals.map(m => m.includes(name));
      for (const i of kept) if (has[C.signals[i]] && C.time[i]) { const b = s.bin(startOf(C.time[i])); if (b >= 0 && b < s.bins) bins[b] += C.count[i]; }
      const most = Math.max(...bins, 4), svg = el('svg:svg', { viewBox: '0 0 ' + s.wide + ' 22', height: 22, 'aria-hidden': 'true' }, el('svg:line', { x1: LEFT, x2: s.wide, y1: 11, y2: 11, class: 'rule' }));
      const said = [];
      bins.forEach((c, b) => {
        if (!c) return;
        svg.append(el('svg:circle', { class: 'sig', cx: s.x(s.from + (b + .5) * s.step), cy: 11, r: 2.5 + 6 * Math.sqrt(c / most) }));
        said.push(stretch(s.from + b * s.step, s.from + (b + 1) * s.step) + ': ' + num(c));
      });
      return [svg, said.length ? '; ' + said.slice(0, 20).join('; ') + (said.length > 20 ? '; and ' + (said.length - 20) + ' more times' : '') : ''];
    }

    // Brushing, and the words beside the pointer.
    (() => {
      const host = $('chart');
      let start = null;
      const at = e => { const box = host.getBoundingClientRect(); return Math.max(LEFT, Math.min(scale.wide, (e.clientX - box.left) * scale.wide / box.width)); };
      const binAt = x => Math.max(0, Math.min(scale.bins - 1, Math.floor((x - LEFT) / (scale.wide - LEFT) * scale.bins)));
      host.addEventListener('pointerdown', e => { if (scale && e.button === 0) { start = at(e); host.setPointerCapture(e.pointerId); } });
      host.addEventListener('pointermove', e => {
        if (!scale || !scale.data) return;
        const x = at(e), n = binAt(x), b = scale.data[n], tip = $('tip'), brush = $('brush');
        const from = scale.from + n * scale.step;
        tip.hidden = false;
        fill(tip, stretch(from, from + scale.step) + '\n' + many(b[0], 'event') + [1, 2, 3, 4].filter(k => b[k]).map(k => '\n' + KINDS[k] + '  ' + num(b[k])).join(''));
        const px = x / scale.wide * host.clientWidth;
        tip.style.left = px > host.clientWidth / 2 ? 'auto' : px + 14 + 'px';
        tip.style.right = px > host.clientWidth / 2 ? host.clientWidth - px + 14 + 'px' : 'auto';
        if (start !== null) { brush.setAttribute('visibility', 'visible'); brush.setAttribute('x', Math.min(start, x)); brush.setAttribute('width', Math.abs(x - start)); }
      });
      host.addEventListener('pointerleave', () => { const tip = $('tip'); if (tip) tip.hidden = true; });
      host.addEventListener('pointercancel', () => { start = null; $('brush').setAttribute('visibility', 'hidden'); });
      host.addEventListener('pointerup', e => {
        if (start === null) return;
        const [a, b] = [start, at(e)].sort((p, q) => p - q);
        start = null;
        $('brush').setAttribute('visibility', 'hidden');
        if (b - a > 6) setTime(scale.from + binAt(a) * scale.step, scale.from + (binAt(b) + 1) * scale.step);
      });
      const move = (grow, shift) => { if (!scale) return;
        const size = scale.to - scale.from, middle = scale.from + size / 2 + shift * size, half = Math.max(WIDTH, size * grow) / 2;
        const from = Math.max(EVER[0], middle - half), to = Math.min(EVER[1], middle + half);
        if (to > from) setTime(from <= EVER[0] ? null : from, to >= EVER[1] ? null : to); };
      $('in').addEventListener('click', () => move(.5, 0));
      $('out').addEventListener('click', () => move(2, 0));
      $('earlier').addEventListener('click', () => move(1, -.5));
      $('later').addEventListener('click', () => move(1, .5));
      $('all').addEventListener('click', () => setTime(null, null));
    })();

    """#
}

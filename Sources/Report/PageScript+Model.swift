extension PageScript {
  /// The counts, the filters, and the one pass over the counts that all pictures are drawn from.
  static let model = #"""
    'use strict';
    const D = JSON.parse(document.getElementById('data').textContent);
    const DIMS = ['actor', 'key', 'action', 'account', 'resource', 'address', 'from', 'match', 'kind', 'flags', 'signals'];
    const NONE = 0, OTHERS = 1;
    const $ = id => document.getElementById(id);

    // Columns one behind the other, gzip in base64: numbers with the lowest byte first.
    async function columns(cube, names) {
      const packed = Uint8Array.from(atob(cube.gzip), c => c.charCodeAt(0));
      const bytes = new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
      let at = 0;
      return Object.fromEntries(names.map((name, n) => {
        const out = new Uint32Array(cube.size), width = cube.widths[n];
        for (let i = 0; i < out.length; i++) for (let shift = 0; shift < 8 * width; shift += 8) out[i] |= bytes[at++] << shift;
        return [name, out];
      }));
    }
    const SIZE = D.cube.size, C = await columns(D.cube, ['time', 'count', ...DIMS]);
    D.cube.gzip = null;
    const startOf = code => (D.origin + (D.cube.base + code - 1) * D.width) * 1000;
    const WIDTH = D.width * 1000;

    // What deceives the eye is shown as U+FFFD, as trailmill does everywhere.
    const clean = text => text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\uFFFD');
    const nameOf = (dim, code) => {
      if (code === NONE) return { from: 'not attributed', match: 'not attributed', kind: 'unknown', account: 'no account' }[dim] || 'none';
      if (code === OTHERS && dim !== 'kind') return 'others';
      return clean(D.names[dim][code][0]) || 'none';
    };
    const keyName = code => code > OTHERS && D.keys[code][0] ? clean(D.keys[code][0]) : nameOf('key', code);
    const list = text => { try { const v = JSON.parse(text); return Array.isArray(v) ? v.map(x => clean(String(x))) : []; } catch { return []; } };
    // Flags and signals come as sets; what is shown and filtered is their members.
    const sets = {};
    for (const dim of ['flags', 'signals']) sets[dim] = D.names[dim].map(n => list(n[0]));

    // A filter: the dimension, what the chip says, and for each code whether it passes.
    const filters = new Map();
    const when = { since: null, until: null };
    const passing = (dim, test) => Uint8Array.from(D.names[dim], (n, code) => test(code) ? 1 : 0);
    const isOn = (id, value) => filters.has(id) && filters.get(id).value === value;
    function set(id, filter) { if (filter) filters.set(id, filter); else filters.delete(id); refresh(); }
    function toggle(id, dim, value, label, test) {
      set(id, isOn(id, value) ? null : { dim, value, label, ok: passing(dim, test) });
    }
    const pick = (dim, code) => toggle(dim, dim, code, dim === 'key' ? keyName(code) : nameOf(dim, code), c => c === code);
    const pickMember = (dim, member) => toggle(dim, dim, member, member, c => sets[dim][c].includes(member));
    const pickKind = kind => toggle('kind', 'kind', kind, KINDS[kind], c => kindOf(c) === kind);
    // Counts know stretches of time only: a date inside of one takes all of it, in every picture and in the list.
    const edge = (t, up) => t === null ? null : D.origin * 1000 + (up ? Math.ceil : Math.floor)((t - D.origin * 1000) / WIDTH) * WIDTH;
    function setTime(since, until) { when.since = edge(since, false); when.until = edge(until, true); refresh(); }

    const KINDS = ['', 'internal', 'external', 'automation', 'unknown'];
    const kindOf = code => code === 0 ? 4 : code;

    const FOLDED = DIMS.filter(dim => D.names[dim].some(n => n[4]));
    const pickable = (dim, code) => !D.names[dim][code][4];

    // What is left of the counts: the cells that pass, and sums by dimension.
    let kept = new Uint32Array(0), sums = {}, total = 0;
    function count() {
      const active = [...filters.values()].map(f => [C[f.dim], f.ok]);
      const { since, until } = when, timed = since !== null || until !== null;
      const out = new Uint32Array(SIZE);
      sums = {}; for (const dim of DIMS) sums[dim] = new Float64Array(D.names[dim].length);
      total = 0;
      let n = 0;
      next: for (let i = 0; i < SIZE; i++) {
        for (const [col, ok] of active) if (!ok[col[i]]) continue next;
        if (timed) {
          if (!C.time[i]) continue;
          const at = startOf(C.time[i]);
          if ((since !== null && at + WIDTH <= since) || (until !== null && at >= until)) continue;
        }
        out[n++] = i;
        total += C.count[i];
      }
      kept = out.subarray(0, n);
      for (const dim of DIMS) { const s = sums[dim], col = C[dim]; for (const i of kept) s[col[i]] += C.count[i]; }
      if (!active.length && !timed) for (const dim of FOLDED) {
        // Of the whole more is known than of its parts: names that filters cannot tell apart have counts too.
        const s = sums[dim];
        s[OTHERS] = total - s[NONE];
        for (let code = OTHERS + 1; code < s.length; code++) s[OTHERS] -= s[code] = D.names[dim][code][1];
      }
    }
    // Members of sets, by how many events have them.
    function memberSums(dim) {
      const out = new Map();
      sums[dim].forEach((n, code) => { if (n) for (const m of new Set(sets[dim][code])) out.set(m, (out.get(m) || 0) + n); });
      return [...out].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    }

    """#
}

extension PageScript {
  /// Elements, numbers, times, and what the archive's words mean.
  static let words = #"""
    // The only way in which this page makes elements: strings become text, never markup.
    function el(tag, props, ...children) {
      const e = tag.startsWith('svg:') ? document.createElementNS('http://www.w3.org/2000/svg', tag.slice(4)) : document.createElement(tag);
      for (const [k, v] of Object.entries(props || {})) {
        if (k === 'on') for (const [type, f] of Object.entries(v)) e.addEventListener(type, f);
        else if (k === 'css') for (const [p, x] of Object.entries(v)) e.style.setProperty(p, x);
        else if (v !== null && v !== false) e.setAttribute(k, v === true ? '' : String(v));
      }
      e.append(...children.filter(c => c !== null && c !== undefined));
      return e;
    }
    const fill = (host, ...children) => host.replaceChildren(...children.filter(c => c !== null && c !== undefined));
    const num = n => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
    const many = (n, one, more) => num(n) + ' ' + (n === 1 ? one : more || one + 's');
    const percent = (n, of) => { const p = of ? 100 * n / of : 0; return (p > 0 && p < 1 ? '<1' : p > 99 && p < 100 ? '>99' : Math.round(p)) + ' %'; };
    const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
    const iso = ms => new Date(ms).toISOString();
    const day = ms => { const d = new Date(ms); return d.getUTCDate() + ' ' + MONTHS[d.getUTCMonth()] + ' ' + d.getUTCFullYear(); };
    const clock = ms => iso(ms).slice(11, 16);
    const moment = ms => ms === null ? 'no time' : iso(ms).slice(0, 10) + ' ' + iso(ms).slice(11, 19);
    const HOUR = 3600e3, DAY = 24 * HOUR;
    const stretch = (from, to) => to - from >= DAY && from % DAY === 0
      ? (to - from === DAY ? day(from) : day(from) + ' – ' + day(to - 1)) : day(from) + ', ' + clock(from) + '–' + (day(from) === day(to - 1) ? '' : day(to) + ' ') + clock(to);
    // A name that is written from right to left leaves the order of what stands beside it alone.
    const apart = text => '\u2068' + text + '\u2069';
    // Without a prototype: whoever calls a match "constructor" finds nothing.
    const words = table => Object.assign(Object.create(null), table);
    const MATCH = words({
      embedded: 'the event itself holds the claims', token: 'the event names the token, and it is one of this key',
      sole: 'the event names no token; exactly one of the key was valid then', agreed: 'the event names no token; several were valid and all say the same',
      ambiguous: 'several tokens were valid and they differ, so no claim was used', none: 'no claims of a caller are known',
      not_applicable: 'the actor is no API key, so there was nothing to look up' });
    const FROM = words({ key_name: 'the name of the key, as no caller is known', key_id: 'the id of the key, as nothing else is known', actor: 'the event’s own actor, as the vendor logged it' });
    const fromWords = from => !from ? 'the event’s own actor; it was not attributed' : from.startsWith('claim:') ? 'the claim “' + from.slice(6) + '” of the caller’s token'
      : from.startsWith('template:') ? 'claims of the caller’s token, put together as “' + from.slice(9) + '”' : FROM[from] || from;
    const KIND = words({ internal: 'One of us', external: 'Somebody from outside', automation: 'A machine', unknown: 'No rule says who that is' });
    const FLAG = words({
      skew: 'the tolerance for clocks has decided', token_time_outside: 'the event lies outside the token’s time', token_unknown: 'the token that the event names is not known',
      token_of_other_key: 'the token belongs to another key', untrusted_issuer: 'the claims come from an issuer that is not trusted', key_unknown: 'the key is not in the directory',
      key_expired: 'the key had expired', key_deleted: 'the key was deleted before', key_version_outside: 'no version of the key holds at that time',
      display_cleaned: 'the name held characters that could deceive, or was too long', imitates_actor: 'the name imitates an actor that the vendor has identified',
      additional_fields_unparsed: 'additional fields could not be read' });

    """#
}

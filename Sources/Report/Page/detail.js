// One event in words: who it was, how that is known, where it is archived, and its text.

const MOST_CLAIMS = 12;
const DEEPEST_INDENT = 40;
const LINKS = [
  ['actor', 'Same actor'], ['candidates', 'Same candidates'], ['key', 'Same key'],
  ['resource', 'Same resource'], ['address', 'Same address'],
];

class Detail {
  constructor(model) {
    this.model = model;
    this.at = new EventColumns(model.dimensions);
    this.host = byID('detail');
  }

  // Shows an event; without one, what can be done: `found` events pass the filters.
  show(row, found) {
    if (!row) return fill(this.host, el('p', { class: 'note' }, this.invitation(found)));
    const { model } = this;
    fill(this.host,
      el('h3', this.code(row, 'candidates') ? { class: 'maybe', dir: 'auto' } : { dir: 'auto' },
        model.whoOf(this.code(row, 'actor'), this.code(row, 'candidates'))),
      ...this.sentences(row),
      el('div', { class: 'links' }, ...LINKS.map(([dimension, label]) => this.link(row, dimension, label))),
      el('dl', {}, ...termsOf(this.facts(row).filter(([, value]) => value))),
      this.textOf(row));
    this.host.scrollTop = 0;
  }

  invitation(found) {
    if (found) return 'Choose an event to see who it was, and how we know.';
    return this.model.data.events ? 'No embedded event passes the filters.' : 'There is no event.';
  }

  code(row, dimension) {
    return row[this.at[dimension]];
  }

  // The archive's own word; empty where there is none.
  value(row, dimension) {
    const code = this.code(row, dimension);
    return code ? clean(this.model.names[dimension][code].name) : '';
  }

  sentences(row) {
    const { model } = this;
    const flags = model.sets.flags[this.code(row, 'flags')];
    const signals = model.sets.signals[this.code(row, 'signals')];
    return [
      el('p', {}, this.shownSentence(row)),
      ...[this.keySentence(row), this.kindSentence(row)].filter(Boolean).map(text => el('p', {}, text)),
      ...flags.map(flag => el('p', {}, el('span', { class: 'badge' }, flag),
        ': ' + (FLAG_WORDS[flag] || 'see the event'))),
      ...signals.map(signal => el('p', {}, el('span', { class: 'badge' }, '● ' + signalText(signal)))),
    ];
  }

  // What stands for the actor, and where it comes from.
  shownSentence(row) {
    const words = fromWords(this.value(row, 'from'));
    if (!this.code(row, 'candidates')) return 'Shown is ' + words + '. ';
    return 'Nobody is named: it may be of any of these, and counts for none of them. In lists stands “'
      + isolated(this.model.nameOf('actor', this.code(row, 'actor'))) + '”, ' + words + '. ';
  }

  // By which key, and how the caller is known.
  keySentence(row) {
    const { model } = this;
    const match = this.value(row, 'match');
    const key = this.code(row, 'key');
    if (key <= OTHERS) return MATCH_WORDS[match] ? 'How we know: ' + MATCH_WORDS[match] + '.' : '';
    const name = model.keyName(key);
    const id = model.nameOf('key', key);
    return 'It was done with the key “' + isolated(name) + '”' + (name === id ? '' : ' (' + id + ')') + ': '
      + (MATCH_WORDS[match] || 'the match is “' + match + '”') + '.';
  }

  kindSentence(row) {
    if (!this.code(row, 'kind')) return '';
    const kind = this.value(row, 'kind');
    return (KIND_WORDS[kind] || kind) + ' (' + (kind || 'unknown') + ').';
  }

  link(row, dimension, label) {
    const { model } = this;
    const code = this.code(row, dimension);
    if (dimension === 'actor' && this.code(row, 'candidates')) return null;
    if (code <= OTHERS || !model.isPickable(dimension, code)) return null;
    const press = () => { if (!model.isOn(dimension, code)) model.pick(dimension, code); };
    return el('button', { type: 'button', 'data-same': dimension, on: { click: press } }, label);
  }

  facts(row) {
    const { model, at } = this;
    const time = row[at.time];
    const key = this.code(row, 'key') > OTHERS ? model.keys[this.code(row, 'key')] : null;
    const part = model.data.details.parts[row[at.part]] || '';
    return [
      ['Time', momentText(time) + (time === null ? '' : ' UTC')],
      ...this.candidates(row),
      ['Action', this.value(row, 'action')],
      ['Resource', this.value(row, 'resource')],
      ['Address', this.value(row, 'address')],
      ['Account', this.value(row, 'account')],
      ['Owner', key ? clean(key.owner) : ''],
      ['Type', key ? clean(key.type) : ''],
      ...claimsOf(row[at.text], model.data.details.attributions[row[at.part]]),
      ['Archived in', clean(part) + ', line ' + row[at.line]],
    ];
  }

  // Each who it may be of.
  candidates(row) {
    const { names, others } = this.model.candidates[this.code(row, 'candidates')];
    const facts = names.map(name => ['May be of', isolated(name)]);
    if (others) facts.push(['May be of', grouped(others) + ' more, whom the event does not name']);
    return facts;
  }

  textOf(row) {
    const text = row[this.at.text];
    const shown = text
      ? indented(text).split('\n').map(clean).join('\n') : 'Too long for this page: it is in the archive.';
    return el('pre', { tabindex: 0, 'aria-label': 'The event' }, shown);
  }
}

// The first of the caller's claims that the event's attribution keeps, each with its value as text. `name` is
// what the attribution is called; null where there cannot be one, whatever the event says of itself.
function claimsOf(text, name) {
  if (name === null) return [];
  let claims;
  try {
    ({ claims } = JSON.parse(text)[name] || {});
  } catch {
    return [];
  }
  if (!claims || typeof claims !== 'object') return [];
  return Object.entries(claims).slice(0, MOST_CLAIMS).map(([name, value]) => (
    ['claim ' + clean(name), clean(typeof value === 'string' ? value : JSON.stringify(value))]));
}

// JSON with a line for each member. White space between tokens changes, and nothing else: each token stays as
// it is archived.
function indented(json) {
  let out = '';
  let depth = 0;
  const line = () => '\n' + '  '.repeat(Math.min(depth, DEEPEST_INDENT));
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') {
      const end = endOfString(json, at);
      out += json.slice(at, end);
      at = end - 1;
    } else if ('{['.includes(character)) {
      if ('}]'.includes(json[at + 1])) {
        out += character + json[++at];
      } else {
        depth++;
        out += character + line();
      }
    } else if ('}]'.includes(character)) {
      depth = Math.max(0, depth - 1);
      out += line() + character;
    } else if (character === ',') {
      out += character + line();
    } else if (character === ':') {
      out += ': ';
    } else if (!' \t\r\n'.includes(character)) {
      out += character;
    }
  }
  return out;
}

// Where the string that begins at `start` ends, behind its quote; the end of the text where it has none.
function endOfString(json, start) {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}

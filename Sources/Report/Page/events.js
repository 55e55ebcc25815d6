// The events that the page holds: a list that draws only the rows that are seen.

const ROW_HEIGHT = 44;
const LIST_HEIGHT = 544;
const ROWS_AROUND = 4;

// The columns of an event: its time, a number for each dimension, the part and the line where it is archived,
// and its text.
class EventColumns {
  constructor(dimensions) {
    this.time = 0;
    dimensions.forEach((dimension, number) => { this[dimension] = number + 1; });
    this.part = dimensions.length + 1;
    this.line = dimensions.length + 2;
    this.text = dimensions.length + 3;
  }
}

class EventList {
  // `show` puts one event beside the list; without one it says that none is chosen.
  constructor(model, show) {
    this.model = model;
    this.show = show;
    this.rows = model.data.details.rows;
    this.at = new EventColumns(model.dimensions);
    this.host = byID('list');
    this.sizer = byID('sizer');
    // Numbers of the rows that pass the filters, and which of these is chosen; -1 while none is.
    this.found = [];
    this.chosen = -1;
    const scroll = () => requestAnimationFrame(() => this.drawRows());
    this.host.addEventListener('scroll', scroll, { passive: true });
    this.host.addEventListener('keydown', event => this.press(event));
  }

  draw() {
    const kept = this.chosen < 0 ? null : this.found[this.chosen];
    this.found = this.passing();
    this.chosen = kept === null ? -1 : this.found.indexOf(kept);
    if (this.chosen < 0) this.show(null, this.found.length);
    fill(byID('n-events'), this.countText());
    this.sizer.style.height = this.found.length * ROW_HEIGHT + 'px';
    this.host.style.height = Math.min(this.found.length * ROW_HEIGHT + 2, LIST_HEIGHT) + 'px';
    if (this.chosen >= 0) this.host.scrollTop = Math.max(0, (this.chosen - 2) * ROW_HEIGHT);
    this.drawRows();
  }

  passing() {
    const { model, at, rows } = this;
    const active = [...model.filters].map(([dimension, filter]) => [at[dimension], filter.passes]);
    const found = [];
    for (let number = 0; number < rows.length; number++) {
      const row = rows[number];
      if (active.every(([column, passes]) => passes[row[column]]) && this.isWithin(row[at.time])) {
        found.push(number);
      }
    }
    return found;
  }

  // Whether a time lies in the dates that were asked for; none lies only in no dates.
  isWithin(time) {
    const { since, until, isTimed } = this.model;
    if (!isTimed) return true;
    return time !== null && (since === null || time >= since) && (until === null || time < until);
  }

  countText() {
    const { rows, found } = this;
    const { events } = this.model.data;
    const left = events - rows.length;
    const all = found.length === rows.length ? '' : ' of ' + grouped(rows.length);
    const shown = counted(found.length, 'event') + all + ', the newest first. ';
    if (!left) return shown + (events ? 'All events are here.' : '');
    return shown + 'This page holds ' + grouped(rows.length) + ' of ' + grouped(events)
      + ' events themselves, signalled and newest first (--detail-budget); ' + grouped(left)
      + ' are in the pictures only.';
  }

  drawRows() {
    const { host, found, chosen } = this;
    const first = Math.max(0, Math.floor(host.scrollTop / ROW_HEIGHT) - ROWS_AROUND);
    const seen = Math.ceil(host.clientHeight / ROW_HEIGHT) + 2 * ROWS_AROUND;
    const end = Math.min(found.length, first + seen);
    const rows = [];
    for (let number = first; number < end; number++) rows.push(this.row(number));
    fill(this.sizer, ...rows);
    if (chosen >= first && chosen < end) host.setAttribute('aria-activedescendant', 'e' + chosen);
    else host.removeAttribute('aria-activedescendant');
  }

  row(number) {
    const { model, at } = this;
    const row = this.rows[this.found[number]];
    const signals = model.sets.signals[row[at.signals]];
    const kind = model.kindNames[model.kindOf(row[at.kind])];
    const resource = row[at.resource] ? model.nameOf('resource', row[at.resource]) : '';
    const deed = [model.nameOf('action', row[at.action]), resource].filter(Boolean).join(' · ');
    return el('div', {
      class: 'event', role: 'option', id: 'e' + number, 'aria-selected': String(number === this.chosen),
      'aria-setsize': this.found.length, 'aria-posinset': number + 1,
      css: { top: number * ROW_HEIGHT + 'px' }, on: { click: () => this.choose(number) },
    },
    el('div', { class: 'when' }, momentText(row[at.time])),
    el('div', { class: row[at.candidates] ? 'who maybe' : 'who', dir: 'auto' },
      model.whoOf(row[at.actor], row[at.candidates])),
    signals.length
      ? el('div', { class: 'sig' }, '● ' + signalText(signals.join(', ')))
      : el('div', { class: 'when' }, kind),
    el('div', {}, deed));
  }

  choose(number) {
    if (number < 0 || number >= this.found.length) return;
    this.chosen = number;
    const { host } = this;
    const top = number * ROW_HEIGHT;
    const bottom = top + ROW_HEIGHT;
    if (top < host.scrollTop) host.scrollTop = top;
    if (bottom > host.scrollTop + host.clientHeight) host.scrollTop = bottom - host.clientHeight;
    this.drawRows();
    this.show(this.rows[this.found[number]], this.found.length);
  }

  press(event) {
    const page = Math.floor(this.host.clientHeight / ROW_HEIGHT);
    const number = chosenByKey(event.key, this.chosen, this.found.length, page);
    if (number === null) return;
    event.preventDefault();
    this.choose(number);
  }
}

// The row that a key chooses in a list of `count`, of which `page` are seen; null for keys that choose none.
function chosenByKey(key, chosen, count, page) {
  switch (key) {
  case 'ArrowDown': return chosen + 1;
  case 'ArrowUp': return Math.max(0, chosen - 1);
  case 'Home': return 0;
  case 'End': return Math.max(0, count - 1);
  case 'PageDown': return Math.max(0, Math.min(count - 1, chosen + page));
  case 'PageUp': return Math.max(0, chosen - page);
  default: return null;
  }
}

// The bar of filters: the fields, how many events are left, and a chip for each filter in use.

const NAME_FIELDS = ['actor', 'key', 'action', 'account'];
// Options of `trailmill report` that ask for names of a dimension.
const REPORT_OPTIONS = {
  actor: '--actor', key: '--key', action: '--action', account: '--account',
  address: '--ip', signals: '--signal', candidates: '--candidate',
};

class FilterBar {
  constructor(model) {
    this.model = model;
    for (const dimension of NAME_FIELDS) this.listenToName(dimension);
    const onDate = (id, listener) => byID(id).addEventListener('change', listener);
    onDate('f-since', () => model.setTime(dateOf(byID('f-since').value), model.until));
    onDate('f-until', () => model.setTime(model.since, dateOf(byID('f-until').value, DAY)));
    byID('form').addEventListener('submit', event => event.preventDefault());
    byID('reset').addEventListener('click', () => model.clear());
  }

  listenToName(dimension) {
    const { model } = this;
    const search = new NameSearch(model, dimension);
    fill(byID('l-' + dimension), ...search.suggestions().map(name => el('option', { value: name })));
    byID('f-' + dimension).addEventListener('change', event => {
      model.set(dimension, search.filter(event.target.value));
    });
  }

  draw() {
    fill(byID('status'), bold(grouped(this.model.total)), this.statusText());
    fill(byID('chips'), ...this.chips());
    this.drawFields();
  }

  // What stands behind the number of events that are left.
  statusText() {
    const { model } = this;
    return this.scopeText() + (model.isTimed && model.width > DAY
      ? '; times are counted by ' + durationText(model.width) : '') + this.blindText();
  }

  scopeText() {
    const { model } = this;
    const { events, filter } = model.data;
    if (model.filters.size || model.isTimed) return ' of ' + counted(events, 'event');
    return ' ' + (model.total === 1 ? 'event' : 'events') + (filter ? ' of those asked for' : ', no filter');
  }

  // A text does not find names that cells do not tell apart: the program itself does.
  blindText() {
    const { filters, folded } = this.model;
    const blind = [...filters.keys()].filter(
      dimension => typeof filters.get(dimension).value === 'string' && folded.includes(dimension));
    if (!blind.length) return '';
    const option = blind.map(dimension => REPORT_OPTIONS[dimension]).find(Boolean);
    return '; names counted as “others” are not among them'
      + (option ? ': ask trailmill report ' + option : '');
  }

  chips() {
    const { model } = this;
    const chips = [...model.filters].map(([dimension, filter]) => (
      this.chip(dimension + ': ' + isolated(filter.label), () => model.set(dimension, null))));
    if (model.isTimed) chips.push(this.chip(this.timeText(), () => model.setTime(null, null)));
    return chips;
  }

  chip(label, clear) {
    const press = () => {
      clear();
      (document.querySelector('#chips button') || byID('f-actor')).focus({ preventScroll: true });
    };
    return el('li', {}, el('button',
      { type: 'button', title: 'Remove this filter', dir: 'auto', on: { click: press } }, label + ' ×'));
  }

  timeText() {
    const { since, until } = this.model;
    if (since === null) return 'before ' + momentText(until).slice(0, 16);
    return until === null ? 'from ' + momentText(since).slice(0, 16) : stretchText(since, until);
  }

  // Fields say what is filtered, but for the one that somebody is typing in.
  drawFields() {
    const { filters, since, until } = this.model;
    const set = (id, value) => { if (document.activeElement !== byID(id)) byID(id).value = value; };
    for (const dimension of NAME_FIELDS) set('f-' + dimension, filters.get(dimension)?.label ?? '');
    set('f-since', since === null ? '' : isoText(since).slice(0, 10));
    set('f-until', until === null ? '' : isoText(until - 1).slice(0, 10));
  }
}

// The time at which a date begins, or `later` than that; null for none and for a year that is half typed.
function dateOf(date, later = 0) {
  const time = Date.parse(date + 'T00:00:00Z');
  return time >= Date.UTC(1000, 0) ? time + later : null;
}

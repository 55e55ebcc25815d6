// One list of names with bars; a row that is pressed is a filter.

const FEW_ROWS = 8;
const MORE_ROWS = 40;

class BarList {
  constructor(model, id, refresh) {
    this.model = model;
    this.host = byID('p-' + id);
    this.refresh = refresh;
    this.most = FEW_ROWS;
  }

  // A row has a name and a count, and perhaps: `sub`, a line beneath them; `parts`, the colours of its bar as
  // pairs of a class and a count; `press`, which toggles its filter, and `isOn`, whether that is in use.
  // The note stands below the list.
  draw(rows, note) {
    const shown = rows.slice(0, this.most);
    const largest = rows.reduce((largest, row) => Math.max(largest, row.count), 0);
    const items = shown.map(row => el('li', {}, this.row(row, largest)));
    const rest = rows.length - shown.length;
    fill(this.host,
      rows.length ? el('ul', { class: 'bars' }, ...items) : el('p', { class: 'rest' }, 'None.'),
      rest > 0 ? this.moreButton(shown.length, rest) : null,
      rest > 0 ? el('p', { class: 'rest paper' }, counted(rest, 'more', 'more') + ', not printed.') : null,
      note ? el('p', { class: 'rest' }, note) : null);
  }

  row(row, largest) {
    const press = () => {
      row.press();
      focusRow(this.host, row.name);
    };
    const pressed = { type: 'button', 'aria-pressed': String(!!row.isOn), on: { click: press } };
    return el(row.press ? 'button' : 'div',
      { class: 'row', ...(row.press ? pressed : { tabindex: -1 }), title: row.name },
      el('span', { class: 'line' },
        el('span', { class: 'name', dir: 'auto' }, row.name),
        el('span', { class: 'count' }, grouped(row.count), el('span', { class: 'vh' }, ' events, '),
          ' · ' + percent(row.count, this.model.total))),
      row.sub ? el('span', { class: 'sub', title: row.sub }, row.sub) : null,
      meter(row.parts || [['', row.count]], largest));
  }

  moreButton(shown, rest) {
    const press = () => {
      this.most = shown < MORE_ROWS ? MORE_ROWS : shown * 5;
      this.refresh();
      this.host.querySelectorAll('.row')[shown]?.focus({ preventScroll: true });
    };
    return el('button', { type: 'button', class: 'more', on: { click: press } },
      'Show more (' + grouped(rest) + ')');
  }
}

// A bar out of parts, each as wide as its share of the whole.
function meter(parts, whole) {
  const width = count => (whole ? 100 * count / whole : 0) + '%';
  const bars = parts.filter(([, count]) => count)
    .map(([name, count]) => el('i', { class: name, css: { width: width(count) } }));
  return el('span', { class: 'meter', 'aria-hidden': 'true' }, ...bars);
}

// Signals, the most frequent first, each along the scale of the activity.

const FEW_SIGNALS = 12;
const MORE_SIGNALS = 5;
const SIGNAL_HEIGHT = 22;
const SMALLEST_DOT = 2.5;
const LARGEST_GROWTH = 6;
const MOST_SPOKEN_TIMES = 20;

class Signals {
  constructor(model, chart, refresh) {
    this.model = model;
    this.chart = chart;
    this.refresh = refresh;
    this.host = byID('signals');
    this.most = FEW_SIGNALS;
  }

  draw() {
    const all = this.model.memberSums('signals');
    const shown = all.slice(0, this.most);
    const { loose } = this.model.data;
    if (!shown.length && !loose.length) return fill(this.host);
    const rows = shown.map(([name, count]) => el('li', {}, this.row(name, count)));
    const rest = all.length - shown.length;
    fill(this.host, el('h3', {}, 'Signals'), el('ul', { class: 'bars' }, ...rows),
      rest > 0 ? this.moreButton(shown.length, rest) : null,
      rest > 0 ? el('p', { class: 'rest paper' }, counted(rest, 'rarer signal') + ', not printed.') : null,
      loose.length ? el('p', { class: 'rest' }, this.looseText(loose)) : null);
  }

  // Signals that no filter acts on: they belong to no event.
  looseText(loose) {
    const names = loose.map(([name, count]) => signalText(name) + ' ' + grouped(count));
    return 'Of no event: ' + names.join(', ') + '. trailmill log --signals lists them.';
  }

  row(name, count) {
    const { model, host } = this;
    const bins = this.chart.scale ? this.binned(name) : null;
    const press = () => {
      model.pickMember('signals', name);
      focusRow(host, name);
    };
    return el('button', {
      class: 'row', type: 'button', title: name, 'aria-pressed': String(model.isOn('signals', name)),
      on: { click: press },
    },
    el('span', { class: 'line' },
      el('span', { class: 'name' }, signalText(name)),
      el('span', { class: 'count' }, grouped(count),
        el('span', { class: 'vh' }, ' events' + (bins ? this.spokenTimes(bins) : '')))),
    bins ? this.picture(bins) : null);
  }

  moreButton(shown, rest) {
    const press = () => {
      this.most *= MORE_SIGNALS;
      this.refresh();
      this.host.querySelectorAll('.row')[shown]?.focus({ preventScroll: true });
    };
    return el('button', { type: 'button', class: 'more', on: { click: press } },
      'Show more (' + grouped(rest) + ')');
  }

  // Events with the signal in each bin of the scale.
  binned(name) {
    const { model } = this;
    const { scale } = this.chart;
    const { time, count, signals } = model.columns;
    const has = model.sets.signals.map(members => members.includes(name));
    const bins = new Float64Array(scale.bins);
    for (const cell of model.kept) {
      if (!has[signals[cell]] || !time[cell]) continue;
      const bin = scale.binOf(model.startOf(time[cell]));
      if (bin >= 0 && bin < scale.bins) bins[bin] += count[cell];
    }
    return bins;
  }

  picture(bins) {
    const { scale } = this.chart;
    const middle = SIGNAL_HEIGHT / 2;
    const most = Math.max(...bins, 4);
    const svg = el('svg:svg', {
      viewBox: '0 0 ' + scale.wide + ' ' + SIGNAL_HEIGHT, height: SIGNAL_HEIGHT, 'aria-hidden': 'true',
    }, el('svg:line', { x1: CHART_LEFT, x2: scale.wide, y1: middle, y2: middle, class: 'rule' }));
    bins.forEach((count, bin) => {
      if (!count) return;
      const x = scale.x(scale.start(bin + .5));
      const radius = SMALLEST_DOT + LARGEST_GROWTH * Math.sqrt(count / most);
      svg.append(el('svg:circle', { class: 'sig', cx: x, cy: middle, r: radius }));
    });
    return svg;
  }

  // The picture for those who do not see it.
  spokenTimes(bins) {
    const times = [];
    bins.forEach((count, bin) => {
      if (count) times.push(this.chart.scale.binText(bin) + ': ' + grouped(count));
    });
    if (!times.length) return '';
    const rest = times.length - MOST_SPOKEN_TIMES;
    const more = rest > 0 ? '; and ' + rest + ' more times' : '';
    return '; ' + times.slice(0, MOST_SPOKEN_TIMES).join('; ') + more;
  }
}

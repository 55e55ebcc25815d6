// Activity: events over time by kind of actor, as a picture and as a table.

const CHART_HEIGHT = 220;
const CHART_FOOT = 22;
const CHART_HEADROOM = 8;
const NARROWEST = 320;
const USUAL_WIDTH = 960;
const PAPER_WIDTH = 700;
const WIDEST_BAR = 48;

class Chart {
  // `usual` is the time that is drawn when no dates are asked for.
  constructor(model, usual) {
    this.model = model;
    this.usual = usual;
    this.host = byID('chart');
    this.isPrinting = false;
    this.scale = null;
    // For each bin the number of events, all and of each kind.
    this.bins = [];
  }

  measure() {
    const { model, usual } = this;
    if (!usual) return null;
    const wide = this.isPrinting ? PAPER_WIDTH : Math.max(NARROWEST, this.host.clientWidth || USUAL_WIDTH);
    return new Scale(model.since ?? usual.from, model.until ?? usual.to,
      { origin: model.origin, finest: model.width, wide });
  }

  draw() {
    this.scale = this.measure();
    this.drawLegend();
    if (!this.scale) {
      const reason = this.model.data.events ? 'No event has a time.' : 'There is no event.';
      fill(this.host, el('p', { class: 'rest' }, reason));
      fill(byID('chart-table'));
      return;
    }
    this.bins = this.binned();
    fill(this.host, this.picture(), el('div', { class: 'tip', id: 'tip', hidden: true }));
    this.drawTable();
  }

  drawLegend() {
    const { model } = this;
    const counts = [0, 0, 0, 0, 0];
    model.sums.kind.forEach((count, code) => { counts[model.kindOf(code)] += count; });
    fill(byID('legend'), ...KINDS.map(kind => el('li', {}, this.legendButton(kind, counts[kind]))));
  }

  legendButton(kind, count) {
    const { model } = this;
    const press = () => {
      model.pickKind(kind);
      byID('legend').querySelector('[data-kind="' + kind + '"]').focus();
    };
    const pressed = String(model.isOn('kind', kind));
    return el('button', { type: 'button', 'aria-pressed': pressed, 'data-kind': kind, on: { click: press } },
      el('i', { class: 'c' + kind }), model.kindNames[kind] + ' ', el('span', {}, grouped(count)));
  }

  binned() {
    const { model, scale } = this;
    const { time, count, kind } = model.columns;
    const bins = Array.from({ length: scale.bins }, () => [0, 0, 0, 0, 0]);
    for (const cell of model.kept) {
      if (!time[cell]) continue;
      const bin = bins[scale.binOf(model.startOf(time[cell]))];
      if (!bin) continue;
      bin[0] += count[cell];
      bin[model.kindOf(kind[cell])] += count[cell];
    }
    return bins;
  }

  picture() {
    const { scale } = this;
    const most = this.bins.reduce((most, bin) => Math.max(most, bin[0]), 0);
    const rule = roundStep(most);
    const top = Math.max(1, Math.ceil(most / rule)) * rule;
    const floor = CHART_HEIGHT - CHART_FOOT;
    const y = count => floor - count / top * (floor - CHART_HEADROOM);
    const svg = el('svg:svg', {
      viewBox: '0 0 ' + scale.wide + ' ' + CHART_HEIGHT, height: CHART_HEIGHT, role: 'img',
      'aria-label': this.spokenSummary(most),
    });
    for (let count = 0; count <= top; count += rule) svg.append(...this.rule(count, y(count)));
    for (const [time, label] of scale.labels()) svg.append(...this.timeLabel(time, label));
    this.bins.forEach((bin, number) => svg.append(...this.bars(bin, number, y)));
    svg.append(el('svg:rect',
      { class: 'brush', id: 'brush', x: 0, y: 0, width: 0, height: floor, visibility: 'hidden' }));
    return svg;
  }

  spokenSummary(most) {
    return 'Events over time: ' + counted(this.model.total, 'event') + ', at most ' + grouped(most) + ' in '
      + durationText(this.scale.step) + '. The table below has the numbers.';
  }

  rule(count, y) {
    return [
      el('svg:line', { x1: CHART_LEFT, x2: this.scale.wide, y1: y, y2: y, class: count ? 'rule' : 'axis' }),
      el('svg:text', { x: CHART_LEFT - 8, y: y + 4, 'text-anchor': 'end' }, grouped(count)),
    ];
  }

  timeLabel(time, label) {
    const x = this.scale.x(time);
    const floor = CHART_HEIGHT - CHART_FOOT;
    return [
      el('svg:text', { x, y: CHART_HEIGHT - 4 }, label),
      el('svg:line', { x1: x, x2: x, y1: floor, y2: floor + 4, class: 'axis' }),
    ];
  }

  // The kinds of one bin, one upon the other.
  bars(bin, number, y) {
    const wide = (this.scale.wide - CHART_LEFT) / this.scale.bins;
    const gap = wide > 4 ? 1 : 0;
    const x = CHART_LEFT + number * wide + Math.max(gap, wide - WIDEST_BAR) / 2;
    const width = Math.max(.5, Math.min(wide - gap, WIDEST_BAR));
    let base = 0;
    return KINDS.filter(kind => bin[kind]).map(kind => {
      const bottom = y(base);
      base += bin[kind];
      const height = Math.max(.5, bottom - y(base));
      return el('svg:rect', { class: 'c' + kind, x, width, y: y(base), height });
    });
  }

  drawTable() {
    const rows = this.bins.map((bin, number) => [this.scale.binText(number), ...bin.map(grouped)])
      .filter((row, number) => this.bins[number][0]);
    const headings = ['Time (UTC)', 'All', ...KINDS.map(kind => this.model.kindNames[kind])];
    fill(byID('chart-table'), tableOf(headings, rows, 'Events over time by kind of actor'));
  }
}

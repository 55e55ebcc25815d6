// Zooming into the activity: by dragging across it or with the buttons; and the words beside the pointer.

const SHORTEST_DRAG = 6;
const TIP_DISTANCE = 14;

class Brush {
  constructor(model, chart) {
    this.model = model;
    this.chart = chart;
    this.host = chart.host;
    // Where a drag began; null while there is none.
    this.start = null;
    const on = (type, listener) => this.host.addEventListener(type, listener);
    on('pointerdown', event => this.press(event));
    on('pointermove', event => this.move(event));
    on('pointerleave', () => this.hideTip());
    on('pointercancel', () => this.stop());
    on('pointerup', event => this.release(event));
    const button = (id, action) => byID(id).addEventListener('click', action);
    button('in', () => this.zoom(.5, 0));
    button('out', () => this.zoom(2, 0));
    button('earlier', () => this.zoom(1, -.5));
    button('later', () => this.zoom(1, .5));
    button('all', () => model.setTime(null, null));
  }

  // The place of the pointer in units of the scale.
  place(event) {
    const box = this.host.getBoundingClientRect();
    const { wide } = this.chart.scale;
    return Math.max(CHART_LEFT, Math.min(wide, (event.clientX - box.left) * wide / box.width));
  }

  press(event) {
    if (!this.chart.scale || event.button !== 0) return;
    this.start = this.place(event);
    this.host.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.chart.scale) return;
    const x = this.place(event);
    this.showTip(x);
    if (this.start === null) return;
    const brush = byID('brush');
    brush.setAttribute('visibility', 'visible');
    brush.setAttribute('x', Math.min(this.start, x));
    brush.setAttribute('width', Math.abs(x - this.start));
  }

  release(event) {
    if (this.start === null) return;
    const [left, right] = [this.start, this.place(event)].sort((left, right) => left - right);
    this.stop();
    if (right - left <= SHORTEST_DRAG) return;
    const { scale } = this.chart;
    this.model.setTime(scale.start(scale.binAt(left)), scale.start(scale.binAt(right) + 1));
  }

  stop() {
    this.start = null;
    byID('brush').setAttribute('visibility', 'hidden');
  }

  showTip(x) {
    const { chart, host } = this;
    const tip = byID('tip');
    tip.hidden = false;
    fill(tip, this.tipText(chart.scale.binAt(x)));
    const wide = host.clientWidth;
    const left = x / chart.scale.wide * wide;
    const isRight = left > wide / 2;
    tip.style.left = isRight ? 'auto' : left + TIP_DISTANCE + 'px';
    tip.style.right = isRight ? wide - left + TIP_DISTANCE + 'px' : 'auto';
  }

  tipText(number) {
    const { scale, bins } = this.chart;
    const bin = bins[number];
    const kinds = KINDS.filter(kind => bin[kind])
      .map(kind => this.model.kindNames[kind] + '  ' + grouped(bin[kind]));
    return [scale.binText(number), counted(bin[0], 'event'), ...kinds].join('\n');
  }

  hideTip() {
    const tip = byID('tip');
    if (tip) tip.hidden = true;
  }

  // Makes the time that is shown longer or shorter and shifts it, both in parts of its length.
  zoom(growth, shift) {
    const { scale, usual } = this.chart;
    if (!scale) return;
    const length = scale.to - scale.from;
    const middle = scale.from + length / 2 + shift * length;
    const half = Math.max(this.model.width, length * growth) / 2;
    const from = Math.max(usual.from, middle - half);
    const to = Math.min(usual.to, middle + half);
    if (to > from) this.model.setTime(from <= usual.from ? null : from, to >= usual.to ? null : to);
  }
}

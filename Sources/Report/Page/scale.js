// The scale of time that the activity and the signals share.

const MOST_BINS = 96;
const CHART_LEFT = 44;
const LABEL_WIDTH = 78;
const MOST_LABELS = 40;
const WEEK = 7 * DAY;
const MONTH = 4 * WEEK;
const YEAR = 12 * MONTH;
// Lengths of a bin, and of the stretch between two labels. A month has four weeks, a year twelve such months.
const STEPS = [
  MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, WEEK, MONTH, YEAR,
];
const LABEL_STEPS = [
  ...STEPS, 2 * DAY, 4 * DAY, 2 * WEEK, 2 * MONTH, 4 * MONTH, 2 * YEAR, 10 * YEAR,
].sort((left, right) => left - right);

// The time that is drawn when no dates are asked for; null where no event has a time. A few events far from
// all others (a clock that was wrong, a forged time) would press the rest into one stroke: they are left out,
// counted as `far`, and found by their date.
function usualTime(model) {
  const { time, count } = model.columns;
  const { size } = model;
  let timed = 0;
  while (timed < size && !time[timed]) timed++;
  if (timed === size) return null;
  // Cells stand in the order of time, those without one first.
  const codeAt = share => time[timed + Math.floor((size - 1 - timed) * share)];
  const slack = 5 * (codeAt(.99) - codeAt(.01)) + 10 * DAY / model.width;
  const low = codeAt(.01) - slack;
  const high = codeAt(.99) + slack;
  let first = Infinity;
  let last = 0;
  let far = 0;
  for (let cell = timed; cell < size; cell++) {
    const code = time[cell];
    if (code < low || code > high) {
      far += count[cell];
    } else {
      first = Math.min(first, code);
      last = Math.max(last, code);
    }
  }
  return { from: model.startOf(first), to: model.startOf(last) + model.width, far };
}

// Bins of one length from `from` to `to`, drawn `wide` units wide. `finest` is the shortest bin that counts
// allow; bins begin at multiples of their length from `origin` on.
class Scale {
  constructor(from, to, { origin, finest, wide }) {
    const end = to > from ? to : from + finest;
    const length = end - from;
    this.step = STEPS.find(step => step >= finest && length / step <= MOST_BINS)
      || Math.ceil(length / MOST_BINS / DAY) * DAY;
    this.origin = origin;
    this.wide = wide;
    this.from = this.floor(from);
    this.to = this.floor(end - 1) + this.step;
    this.bins = Math.round((this.to - this.from) / this.step);
  }

  floor(time) {
    return this.origin + Math.floor((time - this.origin) / this.step) * this.step;
  }

  // The place of a time, from the left.
  x(time) {
    return CHART_LEFT + (time - this.from) / (this.to - this.from) * (this.wide - CHART_LEFT);
  }

  binOf(time) {
    return Math.floor((time - this.from) / this.step);
  }

  // The bin at a place; the first or the last beyond them.
  binAt(x) {
    const bin = Math.floor((x - CHART_LEFT) / (this.wide - CHART_LEFT) * this.bins);
    return Math.max(0, Math.min(this.bins - 1, bin));
  }

  // The beginning of a bin; of the number of bins the end of the scale.
  start(bin) {
    return this.from + bin * this.step;
  }

  binText(bin) {
    return stretchText(this.start(bin), this.start(bin + 1));
  }

  // Times with their labels, as many as there is room for.
  labels() {
    const room = Math.max(2, Math.floor((this.wide - CHART_LEFT) / LABEL_WIDTH));
    const length = this.to - this.from;
    const step = LABEL_STEPS.find(step => length / step <= room && step >= this.step) || length / room;
    const times = [];
    let time = this.origin + Math.ceil((this.from - this.origin) / step) * step;
    for (; time < this.to && times.length < MOST_LABELS; time += step) times.push(time);
    if (!times.length) return [[this.from, dayText(this.from)]];
    return times.map((time, number) => [time, labelText(time, step, number === 0)]);
  }
}

// A label of the scale: the clock, with the day before it at midnight and at the first label; the day; or the
// day and its year where labels are more than 300 days apart.
function labelText(time, step, isFirst) {
  if (step < DAY) return (time % DAY === 0 || isFirst ? dateText(time) + ' ' : '') + clockText(time);
  return step > 300 * DAY ? dayText(time) : dateText(time);
}

// The distance of the rules across the picture: a round number, with at most four rules.
function roundStep(most) {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (most <= 4 * factor * power) return factor * power;
  }
}

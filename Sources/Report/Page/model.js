// The counts, the filters, and the one pass over the counts that every picture is drawn from.
//
// A name has a number within its dimension (actor, key, …): its code. A cell is the count of the events that
// share a stretch of time and the codes of all their names. Columns hold the cells.

const NOTHING = 0;
const OTHERS = 1;
const KINDS = [1, 2, 3, 4];
const UNKNOWN_KIND = 4;
const UNNAMED = { from: 'not attributed', match: 'not attributed', kind: 'unknown', account: 'no account' };

// The columns of the counts: gzip in base64, one behind the other, numbers with their lowest byte first.
async function readColumns(cube, names) {
  const packed = Uint8Array.from(atob(cube.gzip), character => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return splitColumns(new Uint8Array(await new Response(stream).arrayBuffer()), cube, names);
}

function splitColumns(bytes, cube, names) {
  let at = 0;
  return Object.fromEntries(names.map((name, number) => {
    const column = new Uint32Array(cube.size);
    const bits = 8 * cube.widths[number];
    for (let cell = 0; cell < column.length; cell++) {
      for (let shift = 0; shift < bits; shift += 8) column[cell] |= bytes[at++] << shift;
    }
    return [name, column];
  }));
}

class Model {
  // `changed` is called after every change of the filters.
  constructor(data, columns, changed) {
    this.data = data;
    this.columns = columns;
    this.changed = changed;
    this.size = data.cube.size;
    this.width = data.width * 1000;
    this.origin = data.origin * 1000;
    this.readNames();
    this.filters = new Map();
    this.since = null;
    this.until = null;
    this.kept = new Uint32Array(0);
    this.sums = {};
    this.total = 0;
  }

  // Names by dimension and code. The order of the dimensions is that of the columns and of the events' codes.
  readNames() {
    const { names, keys } = this.data;
    this.dimensions = Object.keys(names);
    this.names = {};
    for (const dimension of this.dimensions) {
      this.names[dimension] = names[dimension].map(
        ([name, count, first, last, isFolded]) => ({ name, count, first, last, isFolded: !!isFolded }));
    }
    this.keys = keys.map(([name, type, owner, scopes]) => ({ name, type, owner, scopes }));
    this.kindNames = this.names.kind.map(kind => kind.name);
    // Flags and signals come as sets; their members are what is shown and filtered.
    this.sets = {};
    for (const dimension of ['flags', 'signals']) {
      this.sets[dimension] = this.names[dimension].map(set => textsOf(set.name));
    }
    // Who could have made the events in which nobody is named.
    this.candidates = this.names.candidates.map(set => candidatesOf(set.name));
    this.sets.candidates = this.candidates.map(set => set.names);
    // Dimensions with names that cells do not tell apart.
    this.folded = this.dimensions.filter(dimension => this.names[dimension].some(name => name.isFolded));
  }

  // The beginning of a cell's stretch of time.
  startOf(code) {
    return this.origin + (this.data.cube.base + code - 1) * this.width;
  }

  nameOf(dimension, code) {
    if (code === NOTHING) return UNNAMED[dimension] || 'none';
    if (code === OTHERS && dimension !== 'kind') return 'others';
    return clean(this.names[dimension][code].name) || 'none';
  }

  // A key's name where one is known, else its id.
  keyName(code) {
    const name = code > OTHERS ? this.keys[code].name : '';
    return name ? clean(name) : this.nameOf('key', code);
  }

  // Who made an event with these codes, or where nobody is named who could have.
  whoOf(actor, candidates) {
    return candidates === NOTHING
      ? established(this.nameOf('actor', actor)) : oneOf(this.candidates[candidates]);
  }

  // What people call the name of that code.
  labelOf(dimension, code) {
    if (dimension === 'candidates') return oneOf(this.candidates[code]);
    return dimension === 'key' ? this.keyName(code) : this.nameOf(dimension, code);
  }

  // The kind of actor; events that nobody classified are unknown.
  kindOf(code) {
    return code === NOTHING ? UNKNOWN_KIND : code;
  }

  isPickable(dimension, code) {
    return !this.names[dimension][code].isFolded;
  }

  // A filter has the value that was asked for, a label, and for each code of its dimension whether it passes.
  makeFilter(dimension, value, label, test) {
    const passes = Uint8Array.from(this.names[dimension], (name, code) => test(code) ? 1 : 0);
    return { value, label, passes };
  }

  isOn(dimension, value) {
    return this.filters.has(dimension) && this.filters.get(dimension).value === value;
  }

  // Puts a filter in the place of the dimension's, or takes that away.
  set(dimension, filter) {
    if (filter) this.filters.set(dimension, filter);
    else this.filters.delete(dimension);
    this.changed();
  }

  toggle(dimension, value, label, test) {
    this.set(dimension, this.isOn(dimension, value) ? null : this.makeFilter(dimension, value, label, test));
  }

  pick(dimension, code) {
    this.toggle(dimension, code, this.labelOf(dimension, code), other => other === code);
  }

  pickMember(dimension, member) {
    this.toggle(dimension, member, member, code => this.sets[dimension][code].includes(member));
  }

  pickKind(kind) {
    this.toggle('kind', kind, this.kindNames[kind], code => this.kindOf(code) === kind);
  }

  get isTimed() {
    return this.since !== null || this.until !== null;
  }

  // Cells know stretches of time only: a time within one takes all of it, in every picture and in the list.
  setTime(since, until) {
    const edge = (time, round) => time === null
      ? null : this.origin + round((time - this.origin) / this.width) * this.width;
    this.since = edge(since, Math.floor);
    this.until = edge(until, Math.ceil);
    this.changed();
  }

  clear() {
    this.filters.clear();
    this.setTime(null, null);
  }

  // Counts anew what passes the filters.
  count() {
    const { count } = this.columns;
    this.kept = this.keptCells();
    this.total = 0;
    for (const cell of this.kept) this.total += count[cell];
    this.sums = {};
    for (const dimension of this.dimensions) {
      const sums = new Float64Array(this.names[dimension].length);
      const codes = this.columns[dimension];
      for (const cell of this.kept) sums[codes[cell]] += count[cell];
      this.sums[dimension] = sums;
    }
    if (!this.filters.size && !this.isTimed) this.folded.forEach(dimension => this.unfold(dimension));
  }

  keptCells() {
    const { time } = this.columns;
    const { isTimed } = this;
    const active = [...this.filters].map(([dimension, filter]) => [this.columns[dimension], filter.passes]);
    const kept = new Uint32Array(this.size);
    let count = 0;
    next: for (let cell = 0; cell < this.size; cell++) {
      for (const [codes, passes] of active) if (!passes[codes[cell]]) continue next;
      if (isTimed && !this.isWithin(time[cell])) continue;
      kept[count++] = cell;
    }
    return kept.subarray(0, count);
  }

  // Whether a stretch of time meets the dates that were asked for; 0, no time, meets none.
  isWithin(code) {
    if (!code) return false;
    const start = this.startOf(code);
    return (this.since === null || start + this.width > this.since)
      && (this.until === null || start < this.until);
  }

  // Of the whole, names that filters cannot tell apart have counts too.
  unfold(dimension) {
    const sums = this.sums[dimension];
    sums[OTHERS] = this.total - sums[NOTHING];
    for (let code = OTHERS + 1; code < sums.length; code++) {
      sums[code] = this.names[dimension][code].count;
      sums[OTHERS] -= sums[code];
    }
  }

  // The codes that have events, the most frequent first.
  ranked(dimension) {
    const sums = this.sums[dimension];
    const codes = [];
    for (let code = 0; code < sums.length; code++) {
      const isListed = code !== OTHERS && (code !== NOTHING || dimension === 'account');
      if (sums[code] && isListed) codes.push(code);
    }
    return codes.sort((left, right) => sums[right] - sums[left] || left - right);
  }

  // Members of sets with their events, the most frequent first.
  memberSums(dimension) {
    const sums = new Map();
    this.sums[dimension].forEach((count, code) => {
      if (!count) return;
      for (const member of new Set(this.sets[dimension][code])) {
        sums.set(member, (sums.get(member) || 0) + count);
      }
    });
    return byCount(sums);
  }

  // For each of the codes and each of the other dimensions, a map from codes there to the events of both. One
  // pass over the cells for each dimension.
  together(dimension, codes, ...others) {
    const rows = new Int32Array(this.names[dimension].length).fill(-1);
    codes.forEach((code, row) => { rows[code] = row; });
    const sums = others.map(other => this.sumsOfRows(rows, codes.length, dimension, other));
    return codes.map((code, row) => others.map((other, at) => nonzero(sums[at][row])));
  }

  sumsOfRows(rows, size, dimension, other) {
    const { count, [dimension]: codes, [other]: otherCodes } = this.columns;
    const sums = Array.from({ length: size }, () => new Float64Array(this.names[other].length));
    for (const cell of this.kept) {
      const row = rows[codes[cell]];
      if (row >= 0) sums[row][otherCodes[cell]] += count[cell];
    }
    return sums;
  }
}

function nonzero(sums) {
  const map = new Map();
  sums.forEach((count, code) => { if (count) map.set(code, count); });
  return map;
}

// Pairs of a name and a count, the most frequent first, then by name.
function byCount(map) {
  return [...map].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
}

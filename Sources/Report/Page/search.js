// The fields above the pictures that ask for names: what they suggest, and which names a text means.

const MOST_SUGGESTIONS = 2000;

class NameSearch {
  constructor(model, dimension) {
    this.model = model;
    this.dimension = dimension;
    this.labels = model.names[dimension].map((name, code) => model.labelOf(dimension, code));
    // A key is found by its name and by its id.
    this.texts = this.labels.map(
      (label, code) => (label + ' ' + model.nameOf(dimension, code)).toLowerCase());
  }

  suggestions() {
    return [...new Set(this.labels.slice(OTHERS + 1))].slice(0, MOST_SUGGESTIONS);
  }

  // The filter that a text asks for: names that are exactly that, or else all that contain it in any case of
  // letters. None for an empty text.
  filter(text) {
    const wanted = text.trim();
    if (!wanted) return null;
    const exact = this.codes(code => this.labels[code] === wanted);
    const lower = wanted.toLowerCase();
    const passing = new Set(exact.length ? exact : this.codes(code => this.texts[code].includes(lower)));
    const value = exact.length === 1 ? exact[0] : wanted;
    return this.model.makeFilter(this.dimension, value, wanted, code => passing.has(code));
  }

  codes(test) {
    const codes = [];
    for (let code = OTHERS + 1; code < this.labels.length; code++) {
      if (this.model.isPickable(this.dimension, code) && test(code)) codes.push(code);
    }
    return codes;
  }
}

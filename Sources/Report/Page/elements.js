// Elements of the page. Texts become text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

function byID(id) {
  return document.getElementById(id);
}

// An element with attributes; `on` holds listeners, `css` properties of its style. A tag that begins with
// `svg:` is one of a picture.
function el(tag, attributes, ...children) {
  const isPicture = tag.startsWith('svg:');
  const element = isPicture ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    } else if (name === 'css') {
      for (const [property, setting] of Object.entries(value)) element.style.setProperty(property, setting);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...present(children));
  return element;
}

// New content for an element.
function fill(host, ...children) {
  host.replaceChildren(...present(children));
}

function present(children) {
  return children.filter(child => child !== null && child !== undefined);
}

function bold(text) {
  return el('b', {}, text);
}

// A table with headings of columns.
function tableOf(headings, rows, caption = null) {
  const row = (cells, tag, attributes) => el('tr', {}, ...cells.map(cell => el(tag, attributes, cell)));
  return el('table', {}, caption === null ? null : el('caption', { class: 'vh' }, caption),
    el('thead', {}, row(headings, 'th', { scope: 'col' })),
    el('tbody', {}, ...rows.map(cells => row(cells, 'td', {}))));
}

// A list of terms, each with its description.
function termsOf(pairs) {
  return pairs.flatMap(([term, description]) => [el('dt', {}, term), el('dd', {}, description)]);
}

// Gives the focus to the row of that name in a list that was drawn anew, or else to the first filter in use.
function focusRow(host, name) {
  for (const row of host.querySelectorAll('.row')) {
    if (row.title === name) return row.focus({ preventScroll: true });
  }
  document.querySelector('#chips button')?.focus({ preventScroll: true });
}

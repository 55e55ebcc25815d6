// As much of a document as the page's script asks for: elements with attributes, children, listeners, focus.

import { file } from './page.mjs';

class Element {
  constructor(document, tag, attributes = {}) {
    this.document = document;
    this.tag = tag;
    this.attributes = { ...attributes };
    this.children = [];
    this.listeners = {};
    this.properties = {};
    this.style = { setProperty: (name, value) => { this.properties[name] = value; } };
    this.classList = { add: name => { this.attributes.class = (this.class + ' ' + name).trim(); } };
    this.dataset = {};
    this.value = '';
    this.scrollTop = 0;
    this.clientHeight = 440;
    this.clientWidth = 960;
  }

  get id() { return this.attributes.id ?? ''; }
  get title() { return this.attributes.title ?? ''; }
  get class() { return this.attributes.class ?? ''; }
  set hidden(value) { this.attributes.hidden = String(value); }

  setAttribute(name, value) { this.attributes[name] = String(value); }
  getAttribute(name) { return this.attributes[name] ?? null; }
  removeAttribute(name) { delete this.attributes[name]; }
  append(...children) {
    this.children.push(...children.map(child => child instanceof Element ? child : String(child)));
  }
  replaceChildren(...children) { this.children = []; this.append(...children); }
  addEventListener(type, listener) { (this.listeners[type] ??= []).push(listener); }
  setPointerCapture() {}
  focus() { this.document.activeElement = this; }
  getBoundingClientRect() { return { left: 0, width: this.clientWidth }; }

  // Calls the listeners; the event is returned.
  send(type, facts = {}) {
    const event = { ...facts, target: this, isPrevented: false };
    event.preventDefault = () => { event.isPrevented = true; };
    for (const listener of this.listeners[type] ?? []) listener(event);
    return event;
  }

  get text() { return this.children.map(child => child instanceof Element ? child.text : child).join(''); }

  *all() {
    for (const child of this.children) {
      if (!(child instanceof Element)) continue;
      yield child;
      yield* child.all();
    }
  }

  // Selectors: `tag`, `.class`, `#id`, `[name=value]`, and a space for descendants.
  querySelectorAll(selector) {
    const [first, ...rest] = selector.split(' ');
    const found = [...this.all()].filter(element => element.matches(first));
    return rest.length ? found.flatMap(element => element.querySelectorAll(rest.join(' '))) : found;
  }

  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }

  matches(selector) {
    const [, name, value] = /^\[([\w-]+)="?(.*?)"?\]$/.exec(selector) ?? [];
    if (name) return this.attributes[name] === value;
    if (selector[0] === '.') return this.class.split(' ').includes(selector.slice(1));
    return selector[0] === '#' ? this.id === selector.slice(1) : this.tag === selector;
  }
}

// A document with the elements of page.html that have an id, side by side, and with data.
export function documentOf(data = null) {
  const document = new Element(null, 'document');
  document.document = document;
  document.activeElement = null;
  Object.defineProperty(document, 'title', { value: '', writable: true });
  document.documentElement = new Element(document, 'html');
  document.createElement = tag => new Element(document, tag);
  document.createElementNS = (space, tag) => new Element(document, tag);
  document.getElementById = id => document.querySelector('#' + id);
  for (const [, tag, , id] of file('page.html').matchAll(/<(\w+)( [^>]*?)? id="([\w-]+)"/g)) {
    document.append(new Element(document, tag, { id }));
  }
  Object.defineProperty(document.getElementById('data'), 'textContent', { value: JSON.stringify(data) });
  return document;
}

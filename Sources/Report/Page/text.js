// Numbers, times and names as people read them.

const MINUTE = 60e3;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MOST_CANDIDATES = 3;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// Characters that deceive the eye: control characters, separators of lines, and those that change the
// direction of writing.
const DECEPTIVE = new RegExp(
  '[' +
    '\\u{0}-\\u{1f}\\u{7f}-\\u{9f}\\u{ad}\\u{34f}\\u{61c}\\u{115f}-\\u{1160}\\u{17b4}-\\u{17b5}' +
    '\\u{180b}-\\u{180f}\\u{200b}-\\u{200f}\\u{2028}-\\u{202e}\\u{2060}-\\u{206f}\\u{2800}\\u{3164}' +
    '\\u{fe00}-\\u{fe0f}\\u{feff}\\u{ffa0}\\u{fff0}-\\u{fffb}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}' +
    '\\u{e0000}-\\u{e0fff}' +
    ']',
  'gu',
);

// A text of the archive with U+FFFD for every deceptive character, as trailmill shows it everywhere.
function clean(text) {
  return text.replace(DECEPTIVE, '\uFFFD');
}

// A name between directional isolates, so that the order of its neighbours does not depend on its direction.
function isolated(text) {
  return '\u2068' + text + '\u2069';
}

// The members of a JSON array as clean texts; none of anything else.
function textsOf(json) {
  try {
    const value = JSON.parse(json);
    return Array.isArray(value) ? value.map(member => clean(String(member))) : [];
  } catch {
    return [];
  }
}

// A set of candidates: their names, and how many others it could have been.
function candidatesOf(json) {
  try {
    const set = JSON.parse(json);
    const names = set.filter(member => typeof member === 'string').map(clean);
    const last = set.at(-1);
    return { names, others: typeof last === 'number' ? last : 0 };
  } catch {
    return { names: [], others: 0 };
  }
}

// Candidates in the place of a name, as the program's tables have them: "one of: jane, joe (+3)". What
// separates names has a backslash before it where it stands in one.
function oneOf({ names, others }) {
  const rest = others + Math.max(0, names.length - MOST_CANDIDATES);
  const shown = names.slice(0, MOST_CANDIDATES).map(name => name.replace(/\\|,|\((?=\+)/g, '\\$&'));
  return 'one of: ' + (shown.length ? shown.map(isolated).join(', ') : 'some who are not told apart')
    + (rest ? ' (+' + rest + ')' : '');
}

// The name of somebody who is named; one that begins as candidates do has a backslash before it.
function established(name) {
  return /^[ \\]*one of/i.test(name) ? '\\' + name : name;
}

// 1,234,567
function grouped(number) {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}

// "1 event", "2 events"
function counted(number, one, more = one + 's') {
  return grouped(number) + ' ' + (number === 1 ? one : more);
}

// A share of the whole; never 0 % or 100 % of something that is neither.
function percent(number, whole) {
  const share = whole ? 100 * number / whole : 0;
  if (share > 0 && share < 1) return '<1 %';
  if (share > 99 && share < 100) return '>99 %';
  return Math.round(share) + ' %';
}

// Bytes in the largest decimal unit that leaves at least 1.
function bytesText(bytes) {
  if (bytes < 1e6) return (bytes / 1e3).toFixed(1) + ' kB';
  if (bytes < 1e9) return (bytes / 1e6).toFixed(1) + ' MB';
  return (bytes / 1e9).toFixed(2) + ' GB';
}

// The first names, each isolated, and the number of the rest.
function firstOf(names, most) {
  const rest = names.length - most;
  return names.slice(0, most).map(isolated).join(', ') + (rest > 0 ? ' and ' + rest + ' more' : '');
}

// A signal's name in words.
function signalText(name) {
  return name.replace(/_/g, ' ');
}

// Times are milliseconds since 1970, shown in UTC.

// 2026-11-20T13:00:00.000Z
function isoText(time) {
  return new Date(time).toISOString();
}

// 20 Nov
function dateText(time) {
  const date = new Date(time);
  return date.getUTCDate() + ' ' + MONTHS[date.getUTCMonth()];
}

// 20 Nov 2026
function dayText(time) {
  return dateText(time) + ' ' + new Date(time).getUTCFullYear();
}

// 13:00
function clockText(time) {
  return isoText(time).slice(11, 16);
}

// 2026-11-20 13:00:00
function momentText(time) {
  return time === null ? 'no time' : isoText(time).slice(0, 10) + ' ' + isoText(time).slice(11, 19);
}

// A stretch of time up to, not including, its end: days where it is whole days, else days and clock.
function stretchText(from, to) {
  const first = dayText(from);
  const last = dayText(to - 1);
  if (to - from >= DAY && from % DAY === 0) return to - from === DAY ? first : first + ' – ' + last;
  return first + ', ' + clockText(from) + '–' + (first === last ? '' : dayText(to) + ' ') + clockText(to);
}

// The days of the first and the last of some events; the year once where it is the same.
function daysText(first, last) {
  const from = dayText(first);
  const to = dayText(last);
  if (from === to) return to;
  const isOneYear = new Date(first).getUTCFullYear() === new Date(last).getUTCFullYear();
  return (isOneYear ? dateText(first) : from) + ' – ' + to;
}

// "15 minutes", "1 hour", "7 days"
function durationText(length) {
  if (length < HOUR) return counted(length / MINUTE, 'minute');
  return length < DAY ? counted(length / HOUR, 'hour') : counted(length / DAY, 'day');
}

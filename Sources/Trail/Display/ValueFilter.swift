internal import Bytes

/// A wrong filter, pattern or candidate of a display policy, and why.
public struct PolicyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let description: String
}

/// Shapes the text of a claim before it is shown. Each filter is linear in the length of the text,
/// and what it leaves empty counts as missing.
enum ValueFilter: Equatable, Sendable {
  /// `lower`: in lower case.
  case lower
  /// `decode`: `%3A` and its like become what they stand for; if that is no UTF-8, all stays.
  case decode
  /// `strip_ids`: without `@` and digits at the end of a segment between `/` and `:`, as GitHub
  /// numbers owners and repositories: `acme@12/infra@345` becomes `acme/infra`.
  case stripIDs
  /// `before:TEXT`: what stands before the first appearance of TEXT; all of it if there is none.
  case before([UInt8])
  /// `after:TEXT`: what stands behind the first appearance of TEXT; all of it if there is none.
  case after([UInt8])
  /// `after_last:TEXT`: what stands behind the last appearance of TEXT; all of it if there is none.
  case afterLast([UInt8])
  /// `strip_prefix:TEXT`: without TEXT at the beginning.
  case stripPrefix([UInt8])

  /// Longest text of a filter, in bytes: 256.
  static let longestText = 256

  /// What definitions call them; those that end in a colon take a text.
  static let names = [
    "lower", "decode", "strip_ids", "before:", "after:", "after_last:", "strip_prefix:",
  ]

  /// Reads a filter as it stands in a template: `lower`, `before:@`.
  init(parsing text: String) throws(PolicyError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let argument = parts.count > 1 ? Array(parts[1].utf8) : nil
    if let argument, argument.isEmpty || argument.count > ValueFilter.longestText {
      throw PolicyError(
        description: "the filter \"\(parts[0]):\" needs a text of 1 to"
          + " \(ValueFilter.longestText) bytes (max_filter_text)")
    }
    switch (String(parts[0]), argument) {
    case ("lower", nil): self = .lower
    case ("decode", nil): self = .decode
    case ("strip_ids", nil): self = .stripIDs
    case ("before", let argument?): self = .before(argument)
    case ("after", let argument?): self = .after(argument)
    case ("after_last", let argument?): self = .afterLast(argument)
    case ("strip_prefix", let argument?): self = .stripPrefix(argument)
    default:
      throw PolicyError(
        description: "unknown filter \"\(text)\": there are "
          + ValueFilter.names.map { $0.hasSuffix(":") ? $0 + "TEXT" : $0 }.joined(separator: ", "))
    }
  }

  /// Filters what `buffer` holds from `start` on, in place.
  func apply(to buffer: inout ByteBuffer, from start: Int) {
    switch self {
    case .lower: ValueFilter.lower(&buffer, start)
    case .decode: ValueFilter.decode(&buffer, start)
    case .stripIDs: ValueFilter.stripIDs(&buffer, start)
    case .before(let text):
      if let found = ByteSearch.first(text, in: buffer.view, from: start) {
        buffer.truncate(to: found)
      }
    case .after(let text):
      if let found = ByteSearch.first(text, in: buffer.view, from: start) {
        buffer.remove(from: start, to: found + text.count)
      }
    case .afterLast(let text):
      if let found = ByteSearch.last(text, in: buffer.view, from: start) {
        buffer.remove(from: start, to: found + text.count)
      }
    case .stripPrefix(let text):
      if ByteSearch.isThere(text, in: buffer.view, at: start) {
        buffer.remove(from: start, to: start + text.count)
      }
    }
  }

  private static func lower(_ buffer: inout ByteBuffer, _ start: Int) {
    var isASCII = true
    for at in start..<buffer.count {
      let byte = buffer.base[at]
      if byte &- 0x41 < 26 { buffer.base[at] = byte | 0x20 }
      if byte >= 0x80 { isASCII = false }
    }
    if isASCII { return }
    let text = String(decoding: ByteView(rebasing: buffer.view[start...]), as: UTF8.self)
    buffer.truncate(to: start)
    buffer.append(utf8: text.lowercased())
  }

  private static func decode(_ buffer: inout ByteBuffer, _ start: Int) {
    guard buffer.view[start...].contains(UInt8(ascii: "%")) else { return }
    var decoded = ByteBuffer(capacity: buffer.count - start)
    var at = start
    while at < buffer.count {
      let byte = buffer.base[at]
      if byte == UInt8(ascii: "%"), at + 2 < buffer.count,
        let high = Hex.digit(buffer.base[at + 1]), let low = Hex.digit(buffer.base[at + 2])
      {
        decoded.append(high << 4 | low)
        at += 3
      } else {
        decoded.append(byte)
        at += 1
      }
    }
    guard UTF8Text.isValid(decoded.view) else { return }
    buffer.truncate(to: start)
    buffer.append(decoded.view)
  }

  private static func stripIDs(_ buffer: inout ByteBuffer, _ start: Int) {
    var kept = start
    var at = start
    while at < buffer.count {
      if buffer.base[at] == UInt8(ascii: "@") {
        var end = at + 1
        while end < buffer.count, buffer.base[end] &- 0x30 < 10 { end += 1 }
        let isSegmentEnd =
          end == buffer.count || buffer.base[end] == UInt8(ascii: "/")
          || buffer.base[end] == UInt8(ascii: ":")
        // Digits that end no segment are looked at once: none of them is an "@".
        let next = end > at + 1 && isSegmentEnd ? end : at
        if next > at {
          at = next
          continue
        }
      }
      buffer.base[kept] = buffer.base[at]
      kept += 1
      at += 1
    }
    buffer.truncate(to: kept)
  }
}

/// Looks for short texts of at most some hundred bytes.
enum ByteSearch {
  static func isThere(_ text: [UInt8], in view: ByteView, at start: Int) -> Bool {
    view.count - start >= text.count && view[start..<start + text.count].elementsEqual(text)
  }

  static func first(_ text: [UInt8], in view: ByteView, from start: Int) -> Int? {
    guard let lead = text.first else { return nil }
    var at = start
    while view.count - at >= text.count {
      if view[at] == lead, isThere(text, in: view, at: at) { return at }
      at += 1
    }
    return nil
  }

  static func last(_ text: [UInt8], in view: ByteView, from start: Int) -> Int? {
    guard let lead = text.first else { return nil }
    var at = view.count - text.count
    while at >= start {
      if view[at] == lead, isThere(text, in: view, at: at) { return at }
      at -= 1
    }
    return nil
  }
}

extension ByteBuffer {
  /// Takes the bytes from `start` up to `end` out.
  fileprivate mutating func remove(from start: Int, to end: Int) {
    let rest = count - end
    (base + start).update(from: base + end, count: rest)
    truncate(to: start + rest)
  }
}

internal import Bytes

/// A wrong filter, pattern or candidate of a display policy, and why.
public struct PolicyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let description: String
}

/// Shapes the text of a claim before it is shown. Each filter is linear in the length of the text, and leaves
/// nothing of nothing, but for a default. What the last one leaves empty counts as missing.
enum ValueFilter: Equatable, Sendable {
  /// `lower`: in lower case.
  case lower
  /// `normalize`: in Unicode's normal form C, so that texts that mean the same are the same.
  case normalize
  /// `decode`: `%3A` and its like become what they stand for; if that is no UTF-8, all stays.
  case decode
  /// `strip_ids`: without `@` and digits behind the owner and the repository, as GitHub numbers these:
  /// `acme@12/infra@345` becomes `acme/infra`. What else is in the text stays, `environment:team@1` too.
  case stripIDs
  /// `before:TEXT`: what stands before the first appearance of TEXT; all of it if there is none.
  case before([UInt8])
  /// `after:TEXT`: what stands behind the first appearance of TEXT; all of it if there is none.
  case after([UInt8])
  /// `after_last:TEXT`: what stands behind the last appearance of TEXT; all of it if there is none.
  case afterLast([UInt8])
  /// `strip_prefix:TEXT`: without TEXT at the beginning.
  case stripPrefix([UInt8])
  /// `default:TEXT`: TEXT where there is nothing. Only in templates: it says who it was if nobody else does.
  case standard([UInt8])

  /// Longest text of a filter, in bytes: 256.
  static let longestText = 256

  /// What definitions call them; those that end in a colon take a text.
  static let names = [
    "lower", "normalize", "decode", "strip_ids", "before:", "after:", "after_last:",
    "strip_prefix:", "default:",
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
    case ("normalize", nil): self = .normalize
    case ("decode", nil): self = .decode
    case ("strip_ids", nil): self = .stripIDs
    case ("before", let argument?): self = .before(argument)
    case ("after", let argument?): self = .after(argument)
    case ("after_last", let argument?): self = .afterLast(argument)
    case ("strip_prefix", let argument?): self = .stripPrefix(argument)
    case ("default", let argument?): self = .standard(argument)
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
    case .normalize: ValueFilter.normalize(&buffer, start)
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
    case .standard(let text):
      if buffer.count == start { buffer.append(text) }
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

  private static func normalize(_ buffer: inout ByteBuffer, _ start: Int) {
    let text = ByteView(rebasing: buffer.view[start...])
    guard text.contains(where: { $0 >= 0x80 }), UTF8Text.isValid(text) else { return }
    let composed = UTF8Text.composed(String(decoding: text, as: UTF8.self))
    buffer.truncate(to: start)
    buffer.append(utf8: composed)
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

  /// Names that stand before an owner and a repository in a subject of GitHub's.
  private static let repositoryKeys = [
    "repo:", "repository:", "repository_owner:", "job_workflow_ref:", "workflow_ref:",
  ].map { Array($0.utf8) }

  private static func stripIDs(_ buffer: inout ByteBuffer, _ start: Int) {
    guard var at = repositoryStart(buffer.view, start) else { return }
    // The owner, and behind a slash the repository; whatever follows has numbers of its own.
    stripID(&buffer, &at)
    guard at < buffer.count, buffer.base[at] == UInt8(ascii: "/") else { return }
    at += 1
    stripID(&buffer, &at)
  }

  /// Where an owner's name begins: behind the first of the names above, or where there is no other, as in
  /// `acme@12/infra@345`, at the beginning.
  private static func repositoryStart(_ text: ByteView, _ start: Int) -> Int? {
    var at = start
    while true {
      for key in repositoryKeys where ByteSearch.isThere(key, in: text, at: at) {
        return at + key.count
      }
      guard let colon = text[at...].firstIndex(of: UInt8(ascii: ":")) else {
        return at == start ? start : nil
      }
      // `acme@12/infra@345:ref:…`: the repository comes first, without a name.
      if at == start, text[at..<colon].contains(UInt8(ascii: "/")) { return start }
      at = colon + 1
    }
  }

  /// Takes `@` and digits out that end the segment at `at`, and goes to its end.
  private static func stripID(_ buffer: inout ByteBuffer, _ at: inout Int) {
    while at < buffer.count, buffer.base[at] != UInt8(ascii: "/"),
      buffer.base[at] != UInt8(ascii: ":")
    {
      if buffer.base[at] == UInt8(ascii: "@") {
        var end = at + 1
        while end < buffer.count, buffer.base[end] &- 0x30 < 10 { end += 1 }
        let isSegmentEnd =
          end == buffer.count || buffer.base[end] == UInt8(ascii: "/")
          || buffer.base[end] == UInt8(ascii: ":")
        if end > at + 1 && isSegmentEnd { return buffer.remove(from: at, to: end) }
      }
      at += 1
    }
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

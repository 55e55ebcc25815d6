internal import Bytes
internal import JSONText

// What a walker does where somebody else has found out what follows a fault.

/// How far it was looked for the end of a value.
struct LookAhead {
  var automaton = ValueExtent(isPatient: false)
  var at = 0
  var end: Int?
}

extension ValueWalker {
  /// White space that is looked through for what follows a value beside the records, in bytes: 64.
  static let longestSpace = 64
  /// Bytes of a first object that are looked through for what follows it: 64 KiB.
  private static let longestLook = 64 << 10

  /// The walker stands between documents, and has seen nothing of the next.
  var isIdle: Bool { place == .document && partial == nil }

  /// The walker stands in no document.
  var isBetweenDocuments: Bool { place == .document }

  /// The innermost container on the way is an array.
  var isInArray: Bool { containers.last.map { !$0.isObject } ?? false }

  /// No container is open.
  var isBetweenContainers: Bool { containers.isEmpty }

  /// False for a value that is the member of an object, unless records are members of its name.
  func mayBeRecord(_ text: ByteView, at place: Int) -> Bool {
    guard let name = path.last?.name else { return true }
    var at = place
    func skipSpace() {
      while at > 0, text[at - 1].isSpace { at -= 1 }
    }
    skipSpace()
    guard at > 0, text[at - 1] == UInt8(ascii: ":") else { return false }
    at -= 1
    skipSpace()
    guard at >= name.count + 2, text[at - 1] == UInt8(ascii: "\"") else { return false }
    let start = at - 1 - name.count
    return text[start - 1] == UInt8(ascii: "\"") && text[start..<at - 1].elementsEqual(name)
  }

  /// The walker stands before a closing bracket of the kind that does not close the container around it.
  func isBeforeForeignBracket(_ byte: UInt8) -> Bool {
    (byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"))
      && (containers.isEmpty || byte != closing)
  }

  /// The walker stands where records stand.
  var isAtLevelOfRecords: Bool { containers.count == path.count }

  /// Bytes that may follow a value where the walker stands: behind the value that it stands before.
  func mayFollowValue(_ byte: UInt8) -> Bool {
    guard !containers.isEmpty else {
      return byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
    }
    return byte == UInt8(ascii: ",") || byte == closing
  }

  /// Goes on behind the value that the walker stands before, which somebody else has passed.
  func leaveValue() {
    partial = nil
    endValue()
  }

  /// Goes on with a record of the innermost container on the way, wherever the walker stood.
  func resume() {
    partial = nil
    if containers.count != path.count {
      containers = path.map { Container(isObject: $0.name != nil, index: 0) }
    }
    isOnPath = true
    hasPlace = true
    place = .value
  }

  /// Whether an object begins as the documents do, or with what leads to the records.
  func mayBeDocument(_ object: ByteView) -> Bool {
    guard let name = path.first?.name, case .name(let written) = FirstNames.name(object) else {
      return false
    }
    return written.elementsEqual(head) || written.dropFirst().dropLast().elementsEqual(name)
  }

  /// A walker that stands before a document, and has read nothing.
  func documentProbe() -> ValueWalker { ValueWalker(path: path, isArray: isArray, limit: limit) }

  /// Goes on with another document, wherever the walker stood.
  func restart() {
    partial = nil
    guard !containers.isEmpty else { return place = .document }
    containers = []
    endValue()
  }

  /// False for what stands for a name and has swallowed the brace of a record, for a quote before is
  /// missing; nil if more is needed.
  func isName(_ text: ByteView, _ start: Int, _ end: Int, _ isEnd: Bool) -> Bool? {
    let content = ByteView(rebasing: text[start..<end - 1])
    let last = content.trimmedEnd(content.count)
    guard last > 1, content[last - 1] == UInt8(ascii: "{") else { return true }
    let colon = Scanner.skipWhitespace(text, from: end)
    if colon == text.count { return isEnd || colon - end > Self.longestSpace ? true : nil }
    return text[colon] == UInt8(ascii: ":")
  }

  // MARK: What only seems to lie beside the records, or on the way to them

  /// Whether a value beside the records ends right, or holds nothing of the way to them. Where a bracket
  /// is missing, a value holds what should follow it, and the container around is not closed. Nil if more
  /// is needed.
  func isRightlyBeside(_ text: ByteView, _ start: Int, _ end: Int, _ isEnd: Bool) -> Bool? {
    guard !containers.isEmpty else { return true }
    let next = Scanner.skipWhitespace(text, from: end)
    if next == text.count && !isEnd { return next - end > Self.longestSpace ? true : nil }
    if next < text.count, mayFollowValue(text[next]) { return true }
    let value = ByteView(rebasing: text[start..<end])
    return !holdsWay(value) && !mayBeDocument(value)
  }

  /// What is wrong with a value that is not beside the records.
  func faultOfBracket(_ value: ByteView) -> WalkEvent {
    .fault(
      reason: "a bracket is missing", offset: value.count,
      mayBeDocument(value) ? .structure : .record)
  }

  /// Whether a record rather is a document, for it begins as those do, and what follows is not what follows a
  /// record. Nil if more is needed.
  func isDocument(_ text: ByteView, _ start: Int, _ end: Int, _ isEnd: Bool) -> Bool? {
    let next = Scanner.skipWhitespace(text, from: end)
    if next < text.count, mayFollowValue(text[next]) { return false }
    guard mayBeDocument(ByteView(rebasing: text[start..<end])) else { return false }
    return next == text.count && !isEnd ? next - end > Self.longestSpace ? false : nil : true
  }

  /// Goes back before the record that it has passed.
  func stepBack() { place = .value }

  /// Something beside the records may hold what leads to them, if it is damaged.
  var mayHoldWay: Bool {
    !hasPlace && containers.last?.isObject ?? false && path[containers.count - 1].name != nil
  }

  /// Whether text holds, in brackets, a member of the name that would lead to the records.
  func holdsWay(_ text: ByteView) -> Bool {
    guard mayHoldWay, let name = path[containers.count - 1].name else { return false }
    var at = 0
    while let quote = text.place(of: UInt8(ascii: "\""), from: at) {
      at = quote + 1
      let end = at + name.count
      guard end < text.count, text[end] == UInt8(ascii: "\""), text[at..<end].elementsEqual(name)
      else { continue }
      let colon = Scanner.skipWhitespace(text, from: end + 1)
      guard colon < text.count, text[colon] == UInt8(ascii: ":") else { continue }
      let value = Scanner.skipWhitespace(text, from: colon + 1)
      if value < text.count, text[value] == UInt8(ascii: "[") || text[value] == UInt8(ascii: "{") {
        return true
      }
    }
    return false
  }

  /// Whether an object that stands for the container of all records, or of what leads to them, is the first
  /// of several, or the only one of a list: then the bracket of their array is missing. Nil if more is
  /// needed.
  func isFirstOfSeveral(_ text: ByteView, _ place: Int, _ isEnd: Bool) -> Bool? {
    guard text[place] == UInt8(ascii: "{"), path[containers.count].name == nil,
      containers.last?.isObject ?? true
    else { return false }
    let window = ByteView(rebasing: text[place..<min(text.count, place + Self.longestLook)])
    let isMore = window.count < Self.longestLook && !isEnd
    var look = ahead ?? LookAhead()
    if look.end == nil {
      let step = look.automaton.look(window, from: look.at)
      look.at = window.count
      if case .ends(let end) = step { look.end = end }
      ahead = look
      if case .goesOn = step { return isMore ? nil : false }
    }
    guard let end = look.end else { return false }
    var at = Scanner.skipWhitespace(window, from: end)
    guard at < window.count else { return isMore ? nil : false }
    // Nothing that is open could be closed so.
    if window[at] == UInt8(ascii: "]") { return true }
    guard window[at] == UInt8(ascii: ",") else { return false }
    at = Scanner.skipWhitespace(window, from: at + 1)
    guard at < window.count else { return isMore ? nil : false }
    return window[at] == UInt8(ascii: "{")
  }

  /// A walker that stands before a record of the innermost container, and has read nothing.
  func probe() -> ValueWalker {
    let walker = ValueWalker(path: path, isArray: isArray, limit: limit)
    walker.containers = containers
    walker.isSingle = isSingle
    walker.resume()
    return walker
  }
}

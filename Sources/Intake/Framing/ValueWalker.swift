internal import Bytes
internal import JSONText

// Takes values out of documents that are never held as a whole.
//
// The way to the records is a row of tokens: none (each document is a record), `*` (the elements of
// an array), or those of a JSON Pointer. The walker reads the containers on the way itself, byte by
// byte, and has every value at the end of the way, and every value beside it, checked by a scanner.
// A value is looked at when there is a chance that it is complete: at once, and again when a
// `ValueExtent`, which never looks at a byte twice, has found its end, or that there is none. So the
// work is in proportion to the input however small the pieces are that it comes in, and what a value
// is, good or bad, is told as soon as it can be.
//
// What is told depends on the bytes alone and not on how they come: a scan never sees more of a
// value than one byte above the limit, and a number counts only when something follows it.

/// What a walker has come to.
enum WalkEvent: Equatable {
  /// The bytes are used up, but for an incomplete value: give more.
  case needsMore
  /// A record; the walker stands behind it.
  case record(start: Int, end: Int)
  /// A value begins that is longer than the limit: give its bytes to `pass`, or call `leaveValue` behind it.
  case oversize(isRecord: Bool)
  /// What begins where the walker stands is not what belongs there; `offset` counts from there.
  case fault(reason: String, offset: Int, FaultyPart)
  /// The documents are at their end.
  case end
}

/// What of a document is at fault.
enum FaultyPart: Equatable {
  /// A record. After `leaveValue` the walker goes on behind it.
  case record
  /// A value beside the records; likewise.
  case besideRecords
  /// What holds the values together: names, colons, commas, brackets, the end.
  case structure
}

/// Walks over documents that come in pieces. A class for the reason that `Scanner` is one.
final class ValueWalker {
  /// A step of the way to the records.
  struct Token {
    /// The member's name; nil for `*`.
    var name: [UInt8]?
    /// The name as the index of an element.
    var index: Int?
  }

  enum Place { case document, value, open, key, colon, close }

  struct Container {
    var isObject: Bool
    var index: Int
  }

  /// Longest name of a member on the way: 64 KiB.
  private static let longestName = 64 << 10

  let path: [Token]
  let limit: Int
  /// Documents must be arrays.
  let isArray: Bool
  private let scanner: Scanner
  private var name = ByteBuffer(capacity: 64)

  var place = Place.document
  var containers: [Container] = []
  /// The value to come lies on the way.
  var isOnPath = true
  /// The document has a place for records.
  var hasPlace = false
  /// What is known of a value that is not all there.
  var partial: ValueExtent?
  private var partialCount = 0
  /// Documents that have nothing where records should be.
  private(set) var documentsWithoutRecords = 0
  /// Documents that have a place for records, be it an empty one.
  private(set) var documentsWithRecords = 0
  /// Bytes of white space, and of brackets and commas on the way to records.
  private(set) var syntaxBytes = 0
  /// Bytes of members beside the records, of names and colons on the way to them.
  private(set) var besideBytes = 0

  /// A line feed stands between what the walker has passed last and where it stands.
  private(set) var isAtLine = false
  /// With what the last document began that began with a name: that, in quotes.
  private(set) var head: [UInt8] = []
  /// How far it was looked for what follows an object.
  var ahead: LookAhead?
  /// The walker stops behind the first document.
  var isSingle = false
  private var documents: Int { documentsWithRecords + documentsWithoutRecords }

  /// A walker to `records`, or without them to what `format` says, for values up to `limit` bytes.
  init(format: InputFormat, records: JSONPointer?, limit: Int) {
    // A local: Swift 6.3 releases what is not there yet when an autoclosure (the `??` below) reads a
    // property of a noncopyable value that is half initialised.
    let isArray = records == nil && format == .array
    self.isArray = isArray
    let tokens = records?.tokens ?? (isArray ? ["*"] : [])
    path = tokens.map { token in
      let index = Int(token).flatMap { String($0) == token ? $0 : nil }
      return Token(name: token == "*" ? nil : Array(token.utf8), index: index)
    }
    self.limit = limit
    scanner = Scanner(PointerSet([]))
  }

  init(path: [Token], isArray: Bool, limit: Int) {
    self.path = path
    self.isArray = isArray
    self.limit = limit
    scanner = Scanner(PointerSet([]))
  }

  /// Goes on in `text` at `at`. When more bytes have come, `text` must still begin, at `at`, with
  /// what was left.
  func next(_ text: ByteView, _ at: inout Int, isEnd: Bool) -> WalkEvent {
    while true {
      if partial == nil {
        let start = at
        at = Scanner.skipWhitespace(text, from: at)
        syntaxBytes += at - start
        if text[start..<at].contains(0x0A) { isAtLine = true }
      }
      if isSingle && place == .document && documents > 0 && at < text.count { return .end }
      if at == text.count {
        if !isEnd { return .needsMore }
        return place == .document ? .end : fault("the text ends inside a document")
      }
      let start = at
      if let event = step(text, &at, isEnd) { return event }
      if at > start { isAtLine = false }
    }
  }

  private func step(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> WalkEvent? {
    switch place {
    case .document:
      isOnPath = true
      hasPlace = path.isEmpty
      place = .value
      if isArray && text[at] != UInt8(ascii: "[") {
        place = .document
        return fault("an array must begin with \"[\"")
      }
    case .value:
      return value(text, &at, isEnd)
    case .open:
      guard text[at] == closing else {
        place = containers[containers.count - 1].isObject ? .key : .value
        if place == .value { enterElement() }
        return nil
      }
      pass(&at)
      // Where there could be anything, there is nothing now.
      if path[containers.count - 1].name == nil { hasPlace = true }
      leave()
    case .key:
      return key(text, &at, isEnd)
    case .colon:
      guard text[at] == UInt8(ascii: ":") else {
        return fault(ScanFault.unexpectedByte.reason)
      }
      at += 1
      besideBytes += 1
      place = .value
    case .close:
      if text[at] == UInt8(ascii: ",") {
        pass(&at)
        let last = containers.count - 1
        containers[last].index += 1
        place = containers[last].isObject ? .key : .value
        if place == .value { enterElement() }
      } else if text[at] == closing {
        pass(&at)
        leave()
      } else {
        return fault(ScanFault.unexpectedByte.reason)
      }
    }
    return nil
  }

  /// Passes over a bracket or comma.
  private func pass(_ at: inout Int) {
    at += 1
    syntaxBytes += 1
  }

  private func fault(_ reason: String, _ offset: Int = 0) -> WalkEvent {
    .fault(reason: reason, offset: offset, .structure)
  }

  // MARK: Containers on the way

  var closing: UInt8 {
    containers[containers.count - 1].isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
  }

  private func leave() {
    containers.removeLast()
    endValue()
  }

  func endValue() {
    guard containers.isEmpty else {
      place = .close
      return
    }
    place = .document
    if hasPlace { documentsWithRecords += 1 } else { documentsWithoutRecords += 1 }
  }

  private func enterElement() {
    let level = containers.count - 1
    let token = path[level]
    isOnPath = token.name == nil || token.index == containers[level].index
    if isOnPath, level + 1 == path.count { hasPlace = true }
  }

  private func key(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> WalkEvent? {
    guard text[at] == UInt8(ascii: "\"") else {
      return fault(ScanFault.unexpectedByte.reason)
    }
    let window = ByteView(rebasing: text[at..<min(text.count, at + Self.longestName)])
    let scan = self.scan(window)
    guard scan.fault == .none else {
      if scan.fault != .unexpectedEnd { return fault(scan.fault.reason, scan.end) }
      if window.count == Self.longestName {
        return fault("name of a member longer than \(Self.longestName) bytes")
      }
      return isEnd ? fault(scan.fault.reason, scan.end) : .needsMore
    }
    guard let isName = isName(text, at, at + scan.end, isEnd) else { return .needsMore }
    guard isName else { return fault(ScanFault.unexpectedByte.reason, scan.end) }
    if containers.count == 1, containers[0].index == 0,
      !window[..<scan.end].elementsEqual(head)
    {
      head = Array(window[..<scan.end])
    }
    enterMember(ByteView(rebasing: window[1..<scan.end - 1]))
    at += scan.end
    besideBytes += scan.end
    place = .colon
    return nil
  }

  private func enterMember(_ key: ByteView) {
    let level = containers.count - 1
    name.removeAll()
    JSONString.unescape(key, into: &name)
    isOnPath = path[level].name.map { name.view.elementsEqual($0) } ?? true
    if isOnPath, level + 1 == path.count { hasPlace = true }
  }

  // MARK: Values

  private func value(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> WalkEvent? {
    let isRecord = isAtRecord
    // What stands for a document, and is none, lies beside nothing.
    let isDocument = containers.isEmpty
    if isOnPath && !isRecord && partial == nil {
      let byte = text[at]
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        guard let isFirstOfSeveral = isFirstOfSeveral(text, at, isEnd) else { return .needsMore }
        ahead = nil
        if isFirstOfSeveral { return fault(ScanFault.unexpectedByte.reason) }
        pass(&at)
        containers.append(Container(isObject: byte == UInt8(ascii: "{"), index: 0))
        place = .open
        return nil
      }
    }
    let available = text.count - at
    if partial != nil, available <= limit, !isEnd, !isDecided(text, at) { return .needsMore }
    let scan = self.scan(ByteView(rebasing: text[at..<min(text.count, at + limit + 1)]))
    let isCut = scan.fault == .unexpectedEnd && available > limit
    if isCut || scan.fault == .none && scan.end > limit {
      partial = ValueExtent()
      return .oversize(isRecord: isRecord || isDocument)
    }
    let isOpenEnded = scan.kind != .object && scan.kind != .array && scan.kind != .string
    let mayGoOn =
      scan.fault == .unexpectedEnd
      || scan.fault == .none && isOpenEnded && scan.end == available
    if mayGoOn && !isEnd {
      if partial == nil {
        partial = ValueExtent(isPatient: false)
        partialCount = 0
        _ = isDecided(text, at)
      }
      return .needsMore
    }
    partial = nil
    guard scan.fault == .none else {
      let part = isRecord || isDocument ? FaultyPart.record : .besideRecords
      return .fault(reason: scan.fault.reason, offset: scan.end, part)
    }
    if !isRecord {
      guard let isRight = isRightlyBeside(text, at, at + scan.end, isEnd) else { return .needsMore }
      guard isRight else { return faultOfBracket(ByteView(rebasing: text[at..<at + scan.end])) }
      besideBytes += scan.end
    }
    let start = at
    at += scan.end
    endValue()
    return isRecord ? .record(start: start, end: at) : nil
  }

  private var isAtRecord: Bool { isOnPath && containers.count == path.count }

  /// Looks at what is new; true if the value's end is there, or it turned out that it has none.
  private func isDecided(_ text: ByteView, _ at: Int) -> Bool {
    let step = partial?.look(text, from: at + partialCount)
    partialCount = text.count - at
    return step != .goesOn
  }

  /// Takes the next bytes of a value that is longer than the limit. The offset behind the value's
  /// end if it lies in `text`; nil if the value goes on.
  func pass(_ text: ByteView) -> Int? {
    guard case .ends(let end) = partial?.look(text, from: 0) else { return nil }
    partial = nil
    endValue()
    return end
  }

  /// What the value is that `text` begins with.
  func scan(_ text: ByteView) -> Scan {
    withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) {
      scanner.scan(text, fields: $0.baseAddress.unsafelyUnwrapped)
    }
  }

  /// Counts bytes that somebody else has passed as beside the records.
  func skipBeside(_ count: Int) { besideBytes += count }
}

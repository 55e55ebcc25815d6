internal import Bytes

// What a walker does where somebody else has found out what follows a fault.

extension ValueWalker {
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

  /// A walker that stands before a record of the innermost container, and has read nothing.
  func probe() -> ValueWalker {
    let walker = ValueWalker(path: path, isArray: isArray, limit: limit)
    walker.containers = containers
    walker.isSingle = isSingle
    walker.resume()
    return walker
  }
}

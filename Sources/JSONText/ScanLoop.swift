internal import Bytes

/// A container that is open.
struct ScanFrame: BitwiseCopyable {
  /// Node of the trie for the members; -1 if nothing below is asked for.
  var node: Int32
  /// For an object below zero: -1, or its number in `names`; for an array the index of the current element.
  var index: Int32
}

/// Takes the names of the members of objects.
protocol NameTaker {
  /// An object begins: minus its number, which is at least 1.
  func open() -> Int32
  /// Takes the name of a member of the object with a number: see `MemberNames`.
  func take(
    _ number: Int32, _ name: UnsafePointer<UInt8>, _ count: Int, rest: Int, isEscaped: Bool,
    base: UnsafePointer<UInt8>)
}

/// Nobody asks for names.
struct NoNames: NameTaker {
  @inline(__always) func open() -> Int32 { -1 }

  @inline(__always) func take(
    _ number: Int32, _ name: UnsafePointer<UInt8>, _ count: Int, rest: Int, isEscaped: Bool,
    base: UnsafePointer<UInt8>
  ) {}
}

/// Names go into a table that finds one that is there twice.
struct TableOfNames: NameTaker {
  let table: UnsafeMutablePointer<MemberNames>

  @inline(__always) func open() -> Int32 { -table.pointee.open() }

  @inline(__always) func take(
    _ number: Int32, _ name: UnsafePointer<UInt8>, _ count: Int, rest: Int, isEscaped: Bool,
    base: UnsafePointer<UInt8>
  ) {
    table.pointee.take(number, name, count, rest: rest, isEscaped: isEscaped, base: base)
  }
}

/// One scan on its way: the loop of the scanner, and what it works on, all of it borrowed.
///
/// A plain value that never changes, beside a `Cursor` that each function hands on: so the
/// optimiser can make one loop of it all, with the cursor in registers.
struct ScanLoop<Names: NameTaker> {
  let trie: PointerSet.Trie
  let frames: UnsafeMutablePointer<ScanFrame>
  /// Per node the scan in which it was last entered: tells a duplicate key.
  let entered: UnsafeMutablePointer<UInt32>
  let generation: UInt32
  let fields: UnsafeMutablePointer<Field>
  /// Room for an unescaped key.
  let key: UnsafeMutablePointer<ByteBuffer>
  /// Takes every appearance, if that is what is wanted; else the last one counts.
  let matches: UnsafeMutablePointer<FlatArray<Match>>?
  /// Takes the names of members. A type of its own where nobody asks for them, so that it costs nothing
  /// there.
  let names: Names

  /// One turn a value. Returns the cursor behind the first value, or at the fault.
  func values(_ start: Cursor, _ scan: inout Scan) -> Cursor {
    var cursor = start
    var depth = 0
    var frame = ScanFrame(node: -1, index: 0)
    var node: Int32 = 0
    enter(node)
    while let first = cursor.peek() {
      let start = cursor.at
      var kind = ValueKind.missing
      var isEscaped = false
      var isOpen = false
      switch first {
      case UInt8(ascii: "\""):
        kind = .string
        isEscaped = cursor.string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        kind = first == UInt8(ascii: "{") ? .object : .array
        if node >= 0 { note(node, cursor, kind) }
        isOpen = open(&cursor, first, depth)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        kind = .number
        cursor.number()
      default:
        kind = literal(&cursor, first)
      }
      if cursor.fault != .none { return cursor }
      if depth == 0 {
        scan.kind = kind
        scan.isEmptyObject = kind == .object && !isOpen
      }
      if isOpen {
        frame = ScanFrame(node: node, index: kind == .object ? names.open() : 0)
        depth += 1
      } else {
        if node >= 0 { settle(node, cursor, start, kind, isEscaped) }
        depth = closeEnded(&cursor, depth)
        if depth == 0 || cursor.fault != .none { return cursor }
        frame = frames[depth - 1]
        if frame.index >= 0 { frame.index &+= 1 }
      }
      frames[depth - 1] = frame
      node = frame.index < 0 ? member(&cursor, of: frame) : element(frame)
      if cursor.fault != .none { return cursor }
    }
    return cursor
  }

  @inline(__always) private func literal(_ cursor: inout Cursor, _ first: UInt8) -> ValueKind {
    switch first {
    case UInt8(ascii: "t"):
      cursor.literal("true", count: 4, 0x6575_7274)
      return .true
    case UInt8(ascii: "f"):
      cursor.literal("false", count: 5, 0x6573_6C61)
      return .false
    case UInt8(ascii: "n"):
      cursor.literal("null", count: 4, 0x6C6C_756E)
      return .null
    default:
      cursor.fail(.unexpectedByte)
      return .missing
    }
  }

  /// Reads the bracket that opens a container, and the one that closes it if that comes at once;
  /// true if it does not.
  @inline(__always) private func open(
    _ cursor: inout Cursor, _ bracket: UInt8, _ depth: Int
  ) -> Bool {
    guard depth < ScanLimit.depth else {
      cursor.fail(.tooDeep)
      return false
    }
    cursor.at += 1
    // In ASCII the closing one is the opening one plus two, for both kinds.
    guard let byte = cursor.peek(), byte == bracket &+ 2 else { return true }
    cursor.at += 1
    return false
  }

  /// Behind a value: closes the containers that end here and reads the comma behind them. Returns
  /// how many are still open.
  @inline(__always) private func closeEnded(_ cursor: inout Cursor, _ open: Int) -> Int {
    var depth = open
    while depth > 0, let byte = cursor.peek() {
      if byte == UInt8(ascii: ",") {
        cursor.at += 1
        return depth
      }
      let frame = frames[depth - 1]
      guard byte == (frame.index < 0 ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        cursor.fail(.unexpectedByte)
        return depth
      }
      cursor.at += 1
      depth -= 1
      if frame.node >= 0 { close(frame.node, cursor) }
    }
    return depth
  }

  /// Reads `"key" :` and returns the node of the member's value, or -1.
  @inline(__always) private func member(
    _ cursor: inout Cursor, of frame: ScanFrame
  ) -> Int32 {
    guard let quote = cursor.peek() else { return -1 }
    guard quote == UInt8(ascii: "\"") else {
      cursor.fail(.unexpectedByte)
      return -1
    }
    let start = cursor.at + 1
    let isEscaped = cursor.string()
    if cursor.fault != .none { return -1 }
    let end = cursor.at - 1
    guard let colon = cursor.peek() else { return -1 }
    guard colon == UInt8(ascii: ":") else {
      cursor.fail(.unexpectedByte)
      return -1
    }
    cursor.at += 1
    names.take(
      -frame.index, start, end - start, rest: cursor.end - start, isEscaped: isEscaped,
      base: cursor.base)
    return frame.node < 0 ? -1 : child(of: frame.node, start, end - start, isEscaped)
  }

  @inline(never) private func child(
    of node: Int32, _ key: UnsafePointer<UInt8>, _ count: Int, _ isEscaped: Bool
  ) -> Int32 {
    let child =
      isEscaped
      ? childUnescaped(of: node, key, count) : trie.child(of: node, key: key, count: count)
    if child >= 0 { enter(child) }
    return child
  }

  private func childUnescaped(
    of node: Int32, _ start: UnsafePointer<UInt8>, _ count: Int
  ) -> Int32 {
    key.pointee.removeAll()
    JSONString.unescape(ByteView(start: start, count: count), into: &key.pointee)
    return trie.child(of: node, key: key.pointee.base, count: key.pointee.count)
  }

  @inline(__always) private func element(
    _ frame: ScanFrame
  ) -> Int32 {
    guard frame.node >= 0 else { return -1 }
    let child = trie.child(of: frame.node, index: frame.index)
    if child >= 0 { enter(child) }
    return child
  }

  // MARK: Locating

  /// A node is entered once for each appearance of its key: the second time, what was located
  /// below it is forgotten.
  @inline(__always) private func enter(
    _ node: Int32
  ) {
    if entered[Int(node)] != generation {
      entered[Int(node)] = generation
    } else if matches == nil {
      let first = Int(trie.nodes[Int(node)].firstSubtreeSlot)
      for at in first..<first + Int(trie.nodes[Int(node)].subtreeSlotCount) {
        fields[Int(trie.subtreeSlots[at])] = .missing
      }
    }
  }

  /// A container begins: its field is complete when `close` has set its length.
  @inline(__always) private func note(
    _ node: Int32, _ cursor: Cursor, _ kind: ValueKind
  ) {
    let slot = Int(trie.nodes[Int(node)].slot)
    guard slot >= 0 else { return }
    fields[slot] = Field(
      start: UInt32(truncatingIfNeeded: cursor.offset), count: 0, kind: kind,
      isEscaped: false)
  }

  @inline(__always) private func close(
    _ node: Int32, _ cursor: Cursor
  ) {
    let slot = Int(trie.nodes[Int(node)].slot)
    guard slot >= 0 else { return }
    fields[slot].count = UInt32(truncatingIfNeeded: cursor.offset) &- fields[slot].start
    if let matches, matches.pointee.count <= ScanLimit.matches {
      matches.pointee.append(Match(slot: Int32(slot), field: fields[slot]))
    }
  }

  /// A value without inner values (a scalar or an empty container) is complete.
  @inline(__always) private func settle(
    _ node: Int32, _ cursor: Cursor, _ start: UnsafePointer<UInt8>, _ kind: ValueKind,
    _ isEscaped: Bool
  ) {
    let slot = Int(trie.nodes[Int(node)].slot)
    guard slot >= 0 else { return }
    fields[slot] = Field(
      start: UInt32(truncatingIfNeeded: start - cursor.base),
      count: UInt32(truncatingIfNeeded: cursor.at - start), kind: kind, isEscaped: isEscaped)
    if let matches, matches.pointee.count <= ScanLimit.matches {
      matches.pointee.append(Match(slot: Int32(slot), field: fields[slot]))
    }
  }
}

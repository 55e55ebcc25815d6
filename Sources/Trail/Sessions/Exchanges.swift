internal import Bytes

/// Exchanges of tokens for sessions, in memory until all are there. The order in which they are taken in does
/// not matter, and one that is told twice counts once.
public final class Exchanges {
  struct Entry: BitwiseCopyable {
    /// Number of the key.
    var key: UInt32
    /// Number of the token that the event names; -1 if it names none.
    var token: Int32
    var time: Int64
    /// `Int64.max` if it is not known.
    var end: Int64
    var places: Span32
    var action: Span32
    var file: UInt32
    var record: Int
    var offset: Int
    var eventTime: Int64
    var isVerified: Bool
  }

  private static let entryBytes = MemoryLayout<Entry>.stride

  /// Ids of the keys.
  private(set) var keys = ByteKeys()
  /// Tokens that events name: the number of the key, four bytes, and the id.
  private(set) var tokens = ByteKeys()
  private var text = ByteBuffer(capacity: 4096)
  private var entries = FlatArray<Entry>()
  private var files: [String] = []
  private let mostBytes: Int
  /// How many were taken in of events that are the vendor's word.
  private(set) var verified = 0

  /// No exchanges, and room for so many bytes of them.
  public init(mostBytes: Int = LearnedRows.mostBytes) { self.mostBytes = mostBytes }

  /// Exchanges that were taken in, those that came again among them.
  public var count: Int { entries.count }

  /// Takes in an exchange and the event that it is known from; false if there is no room for it.
  public func add(_ exchange: Exchange, _ source: LearnedFrom) -> Bool {
    let needed =
      exchange.places.count + source.action.count + exchange.key.count
      + (exchange.token?.id.count ?? 0) + Exchanges.entryBytes
    guard needed <= mostBytes - memoryBytes else { return false }
    if files.last?.utf8.elementsEqual(source.file.utf8) != true { files.append(source.file) }
    let places = append(exchange.places)
    entries.append(
      Entry(
        key: number(ofKey: exchange.key), token: number(ofToken: exchange.token),
        time: exchange.time, end: exchange.end ?? .max, places: places,
        action: append(source.action), file: UInt32(files.count - 1), record: source.record,
        offset: source.offset, eventTime: source.time, isVerified: exchange.isVerified))
    if exchange.isVerified { verified += 1 }
    return true
  }

  private var memoryBytes: Int {
    text.count + entries.count * Exchanges.entryBytes + keys.memoryBytes + tokens.memoryBytes
  }

  private func append(_ bytes: [UInt8]) -> Span32 {
    let start = text.count
    text.append(bytes)
    return Span32(start, count: bytes.count)
  }

  private func number(ofKey id: [UInt8]) -> UInt32 {
    id.withUnsafeBufferPointer { UInt32(keys.insert($0)) }
  }

  private func number(ofToken token: (key: [UInt8], id: [UInt8])?) -> Int32 {
    guard let token else { return -1 }
    let key = number(ofKey: token.key)
    var name = ByteBuffer()
    SessionTokens.append(name: token.id, ofKey: key, to: &name)
    return Int32(tokens.insert(name.view))
  }

  /// Those of each key one after the other, in the order of their times.
  func sorted() -> [Entry] {
    var sorted = Array(entries.elements)
    sorted.sort { precedes($0, $1) }
    var kept: [Entry] = []
    kept.reserveCapacity(sorted.count)
    for entry in sorted {
      if let last = kept.last, isSame(last, entry) { continue }
      kept.append(entry)
    }
    return kept
  }

  /// The bytes of what is the same in each event of a session.
  func places(of entry: Entry) -> ByteView { text[entry.places] }

  /// The event that an exchange is known from.
  func source(of entry: Entry) -> LearnedFrom {
    LearnedFrom(
      file: files[Int(entry.file)], record: entry.record, offset: entry.offset,
      action: Array(text[entry.action]), time: entry.eventTime)
  }

  private func isSame(_ left: Entry, _ right: Entry) -> Bool {
    left.key == right.key && left.time == right.time && left.end == right.end
      && left.token == right.token && text[left.places].elementsEqual(text[right.places])
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    if left.key != right.key {
      return keys[Int(left.key)].lexicographicallyPrecedes(keys[Int(right.key)])
    }
    if (left.time, left.end) != (right.time, right.end) {
      return (left.time, left.end) < (right.time, right.end)
    }
    if !text[left.places].elementsEqual(text[right.places]) {
      return text[left.places].lexicographicallyPrecedes(text[right.places])
    }
    if left.token != right.token {
      guard left.token >= 0, right.token >= 0 else { return left.token < right.token }
      return precedes(token: Int(left.token), Int(right.token))
    }
    if left.isVerified != right.isVerified { return left.isVerified }
    let (x, y) = (files[Int(left.file)], files[Int(right.file)])
    if left.file != right.file, !x.utf8.elementsEqual(y.utf8) {
      return x.utf8.lexicographicallyPrecedes(y.utf8)
    }
    return (left.record, left.offset) < (right.record, right.offset)
  }

  /// The numbers of keys depend on the order in which they came, their ids do not.
  private func precedes(token left: Int, _ right: Int) -> Bool {
    let (one, other) = (name(ofToken: left), name(ofToken: right))
    let (oneKey, otherKey) = (keys[Int(one.key)], keys[Int(other.key)])
    return oneKey.elementsEqual(otherKey)
      ? one.id.lexicographicallyPrecedes(other.id) : oneKey.lexicographicallyPrecedes(otherKey)
  }

  /// The key, by its number, and the id of a token that events name.
  func name(ofToken number: Int) -> (key: UInt32, id: ByteView) {
    SessionTokens.parts(ofName: tokens[number])
  }
}

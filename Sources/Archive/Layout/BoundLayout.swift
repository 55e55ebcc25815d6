internal import Crypto
package import Bytes
package import Engine
package import JSONText
package import Trail

// The key of a partition is what decides its folder, in the order of the template: for each value
// from the event its length in four bytes and its text, and for the event's time four bytes, once.
// A missing value has a length of its own kind; so has one that is longer than any name, which
// keeps the beginning that the name will show and the digest of the whole. Two records have the
// same key exactly if they belong into the same folder.

/// A layout whose values have slots in a batch.
package struct BoundLayout: Sendable {
  /// A value from the event: the slots to try, one after the other, in `slots`.
  private struct Column: Sendable {
    var firstSlot: Int
    var slotCount: Int
    /// As the template has it.
    var name: String
  }

  fileprivate static let missingMark = UInt32.max
  fileprivate static let longMark = UInt32.max - 1
  /// Of a key: no time.
  private static let noTime = UInt32.max
  /// Bytes of a long value that its key holds: no name shows more.
  fileprivate static let longPrefix = PathText.longestLimit

  private let components: [[Layout.Piece]]
  private let columns: [Column]
  private let slots: [Int]
  /// Bits of the packed time that the layout shows; 0 if it shows none.
  private let timeMask: UInt32

  fileprivate init(_ layout: Layout, dialect: Dialect, table: inout PointerTable) {
    components = layout.components
    var columns: [Column] = []
    var slots: [Int] = []
    var mask: UInt32 = 0
    for case .value(let value, _) in layout.components.joined() {
      var pointers: [JSONPointer] = []
      var name = ""
      switch value {
      case .role(let role): (pointers, name) = (dialect.pointers[role] ?? [], role.rawValue)
      case .pointer(let pointer): (pointers, name) = ([pointer], pointer.description)
      case .date: mask |= PackedTime.date
      case .year: mask |= PackedTime.year
      case .month: mask |= PackedTime.month
      case .day: mask |= PackedTime.day
      case .hour: mask |= PackedTime.hour
      }
      if value.isTime { continue }
      columns.append(Column(firstSlot: slots.count, slotCount: pointers.count, name: "{\(name)}"))
      for pointer in pointers { slots.append(table.slot(pointer)) }
    }
    self.columns = columns
    self.slots = slots
    timeMask = mask
  }

  // MARK: Keys

  /// Appends the key of the partition that record `index` belongs to. Runs on any worker; may
  /// append to `batch.bytes` (unescaped text).
  package func appendKey(_ batch: Batch, _ index: Int, to key: inout ByteBuffer) {
    if timeMask != 0 {
      let time = Timestamp(microseconds: batch.records[index].time)
      BoundLayout.append(time.map { PackedTime.pack($0) & timeMask } ?? BoundLayout.noTime, &key)
    }
    for column in columns {
      guard let text = scalar(column, batch, index) else {
        BoundLayout.append(BoundLayout.missingMark, &key)
        continue
      }
      BoundLayout.append(value: batch.bytes[text], to: &key)
    }
  }

  /// The first of the values that is there (null, "" and {} are not), or, where none is, an empty text that
  /// is; an object or array counts as missing.
  @inline(__always)
  private func scalar(_ column: Column, _ batch: Batch, _ index: Int) -> Span32? {
    var empty: Span32?
    for at in column.firstSlot..<column.firstSlot + column.slotCount {
      let field = batch.field(slots[at], of: index)
      if !field.isNothing(batch.bytes[batch.absolute(field.span, of: index)]) {
        return batch.scalar(slots[at], of: index)
      }
      if field.kind == .string { empty = .empty }
    }
    return empty
  }

  private static func append(value: ByteView, to key: inout ByteBuffer) {
    guard value.count > longPrefix else {
      append(UInt32(value.count), &key)
      key.append(value)
      return
    }
    append(longMark, &key)
    key.append(ByteView(rebasing: value[..<longPrefix]))
    SHA256.digest(value).withBytes { key.append($0) }
  }

  @inline(__always)
  private static func append(_ number: UInt32, _ key: inout ByteBuffer) {
    withUnsafeBytes(of: number.bigEndian) { key.append($0.bindMemory(to: UInt8.self)) }
  }

  /// What has most different values in the keys of so many partitions, as the template has it, and how many.
  func mostVaried(_ partitions: Int, _ key: (Int) -> ByteView) -> (name: String, values: Int) {
    var times: Set<UInt32> = []
    var values = columns.map { _ in Set<[UInt8]>() }
    for number in 0..<partitions {
      var reader = KeyReader(key(number))
      if timeMask != 0 { times.insert(reader.number()) }
      for column in columns.indices { values[column].insert(reader.value()) }
    }
    var most = (name: "the time of the event", values: times.count)
    for (column, values) in zip(columns, values) where values.count > most.values {
      most = (column.name, values.count)
    }
    return most
  }

  // MARK: Folders

  /// The folder of the partition with this key, relative to the archive, with no slash at its end.
  package func folder(forKey key: ByteView) -> String {
    var path = ByteBuffer(capacity: 128)
    var reader = KeyReader(key)
    let time = timeMask == 0 ? BoundLayout.noTime : reader.number()
    for (index, component) in components.enumerated() {
      if index > 0 { path.append(UInt8(ascii: "/")) }
      let start = path.count
      for piece in component {
        switch piece {
        case .text(let text): path.append(text)
        case .value(let value, let style):
          if value.isTime {
            BoundLayout.append(value, of: time, style, to: &path)
          } else {
            BoundLayout.append(from: &reader, style, to: &path)
          }
        }
      }
      BoundLayout.disguise(from: start, &path)
    }
    return String(decoding: path.view, as: UTF8.self)
  }

  /// A folder must not be taken for a part by a glob: one that ends like a part has its last letter escaped.
  /// Values never have that letter escaped else, and the text of a template never ends so.
  private static func disguise(from start: Int, _ path: inout ByteBuffer) {
    let name = ByteView(rebasing: path.view[start...])
    guard let last = name.last,
      Layout.partEndings.contains(where: { name.suffix($0.count).elementsEqual($0) })
    else { return }
    path.truncate(to: path.count - 1)
    PathText.appendEscape(last, to: &path)
  }

  private static func append(
    from reader: inout KeyReader, _ style: PathText.Style, to path: inout ByteBuffer
  ) {
    switch reader.number() {
    case missingMark: path.append(PathText.missing(style))
    case longMark:
      let prefix = reader.take(longPrefix)
      PathText.append(prefix, digest: Digest256(reader.take(32)), style, to: &path)
    case let count: PathText.append(reader.take(Int(count)), digest: nil, style, to: &path)
    }
  }

  private static func append(
    _ value: Layout.Value, of time: UInt32, _ style: PathText.Style, to path: inout ByteBuffer
  ) {
    guard time != noTime else { return path.append(PathText.missing(style)) }
    switch value {
    case .year: PackedTime.append(PackedTime.year(time), digits: 4, to: &path)
    case .month: PackedTime.append(PackedTime.month(time), digits: 2, to: &path)
    case .day: PackedTime.append(PackedTime.day(time), digits: 2, to: &path)
    case .hour: PackedTime.append(PackedTime.hour(time), digits: 2, to: &path)
    case .date:
      PackedTime.append(PackedTime.year(time), digits: 4, to: &path)
      path.append(UInt8(ascii: "-"))
      PackedTime.append(PackedTime.month(time), digits: 2, to: &path)
      path.append(UInt8(ascii: "-"))
      PackedTime.append(PackedTime.day(time), digits: 2, to: &path)
    case .role, .pointer: break
    }
  }
}

extension Layout {
  /// Reserves slots for all values.
  package func bind(dialect: Dialect, table: inout PointerTable) -> BoundLayout {
    BoundLayout(self, dialect: dialect, table: &table)
  }
}

/// Year, month, day and hour in 28 bits, so that what a layout does not show can be masked away.
private enum PackedTime {
  static let hour: UInt32 = 0x1F
  static let day: UInt32 = 0x1F << 5
  static let month: UInt32 = 0xF << 10
  static let year: UInt32 = 0x3FFF << 14
  static let date = year | month | day

  static func pack(_ time: Timestamp) -> UInt32 {
    let civil = time.civil
    return UInt32(truncatingIfNeeded: civil.year << 14 | civil.month << 10 | civil.day << 5)
      | UInt32(truncatingIfNeeded: civil.hour)
  }

  static func hour(_ packed: UInt32) -> Int { Int(packed & hour) }
  static func day(_ packed: UInt32) -> Int { Int((packed & day) >> 5) }
  static func month(_ packed: UInt32) -> Int { Int((packed & month) >> 10) }
  static func year(_ packed: UInt32) -> Int { Int((packed & year) >> 14) }

  static func append(_ value: Int, digits: Int, to path: inout ByteBuffer) {
    var rest = value
    var text: [UInt8] = []
    for _ in 0..<digits {
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    for digit in text.reversed() { path.append(digit) }
  }
}

/// Walks over a key. What is no key yields nothing instead of trapping.
private struct KeyReader {
  private let key: ByteView
  private var at = 0

  init(_ key: ByteView) { self.key = key }

  mutating func number() -> UInt32 {
    var value: UInt32 = 0
    for byte in take(4) { value = value << 8 | UInt32(byte) }
    return value
  }

  /// A value as the key holds it, with its length.
  mutating func value() -> [UInt8] {
    let start = at
    switch number() {
    case BoundLayout.missingMark: break
    case BoundLayout.longMark: _ = take(BoundLayout.longPrefix + 32)
    case let count: _ = take(Int(count))
    }
    return Array(key[start..<at])
  }

  mutating func take(_ count: Int) -> ByteView {
    let end = min(at + count, key.count)
    defer { at = end }
    return ByteView(rebasing: key[at..<end])
  }
}

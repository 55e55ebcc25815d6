internal import Crypto
internal import Bytes
internal import Codec
internal import JSONText

/// The figures as JSON for the page's script.
///
/// Counts are columns, one for each dimension: numbers of one to four bytes, the lowest first, all columns
/// one behind the other, gzip in base64. A million counts are some 20 MB, and a tenth of that compressed.
enum PageData {
  /// Dimensions by the names that the script has for them.
  static let dimensions: [(StaticString, Dimension)] = [
    ("actor", .actor), ("key", .key), ("action", .action), ("account", .account),
    ("resource", .resource), ("address", .address), ("from", .from), ("match", .match),
    ("kind", .kind), ("flags", .flags), ("signals", .signals),
    ("candidates", .candidates),
  ]

  /// Appends all that the page shows.
  static func append(
    _ figures: ReportFigures, to text: inout ByteBuffer
  ) throws(CodecError) {
    text.append("{\"title\":")
    text.append(quoted: figures.archive.name)
    text.append(",\"filter\":")
    text.append(quoted: figures.filter)
    let numbers: [(StaticString, Int)] = [
      (",\"events\":", figures.events), (",\"timeless\":", figures.timeless),
      (",\"unreadable\":", figures.unreadable),
      (",\"width\":", Int(figures.width)), (",\"origin\":", Int(EventCube.origin)),
      (",\"listed\":", figures.limits.listedNames),
    ]
    for (member, number) in numbers { text.append(member, number) }
    text.append(",\"loose\":")
    text.append(list: figures.signalsOfNoEvent) { signal, text in
      text.append("[")
      text.append(quoted: signal.name)
      text.append(",", signal.count)
      text.append("]")
    }
    text.append(",\"span\":[")
    text.append(time: figures.first)
    text.append(",")
    text.append(time: figures.last)
    text.append("],\"names\":{")
    for (at, (name, dimension)) in dimensions.enumerated() {
      if at > 0 { text.append(",") }
      text.append(member: name)
      appendNames(figures.names[dimension] ?? [], to: &text)
    }
    text.append("},\"distinct\":{")
    for (at, (name, dimension)) in dimensions.enumerated() {
      if at > 0 { text.append(",") }
      text.append(member: name)
      text.append(decimal: figures.distinct[dimension] ?? 0)
    }
    text.append("},\"keys\":")
    appendKeys(figures, to: &text)
    text.append(",\"blocks\":")
    appendBlocks(figures.names[.address] ?? [], to: &text)
    text.append(",\"cube\":")
    try appendCells(figures, to: &text)
    text.append(",\"details\":")
    appendDetails(figures, to: &text)
    text.append(",\"archive\":")
    ArchiveData.append(figures.archive, to: &text)
    text.append("}")
  }

  /// `[[name, count, first, last, is folded], …]`
  private static func appendNames(
    _ names: [ReportFigures.Named], to text: inout ByteBuffer
  ) {
    text.append(list: names) { named, text in
      text.append("[")
      text.append(quoted: named.name)
      text.append(",")
      text.append(decimal: named.count)
      text.append(",")
      text.append(time: named.first)
      text.append(",")
      text.append(time: named.last)
      text.append(named.isFolded ? ",1]" : ",0]")
    }
  }

  /// `[[name, type, owner, scopes], …]`, by the number of the key.
  private static func appendKeys(_ figures: ReportFigures, to text: inout ByteBuffer) {
    text.append(list: figures.keys) { key, text in
      text.append(list: [key.name, key.type, key.owner, key.scopes]) { value, text in
        text.append(quoted: value)
      }
    }
  }

  private static func appendBlocks(
    _ addresses: [ReportFigures.Named], to text: inout ByteBuffer
  ) {
    text.append(list: addresses) { named, text in
      text.append(quoted: ReportText.block(named.name))
    }
  }

  // MARK: Counts

  private static func appendCells(
    _ figures: ReportFigures, to text: inout ByteBuffer
  ) throws(CodecError) {
    let base = figures.cells.first { $0.codes.bucket != EventCodes.noTime }?.codes.bucket ?? 0
    var columns = ByteBuffer(capacity: figures.cells.count * 20)
    var widths: [Int] = []
    // 0 is an event without a time.
    let times = column(figures.cells, to: &columns) {
      $0.codes.bucket == EventCodes.noTime ? 0 : UInt32(clamping: $0.codes.bucket - base + 1)
    }
    widths.append(times)
    widths.append(column(figures.cells, to: &columns) { UInt32(clamping: $0.count) })
    for (_, dimension) in dimensions {
      widths.append(column(figures.cells, to: &columns) { UInt32($0.codes[dimension]) })
    }
    var packed = ByteBuffer(capacity: columns.count / 4)
    try Compressor(Compression()).compress(columns.view, into: &packed)
    text.append("{\"base\":")
    text.append(decimal: Int(base))
    text.append(",\"size\":", figures.cells.count)
    text.append(",\"widths\":")
    text.append(list: widths) { width, text in text.append(decimal: width) }
    text.append(",\"gzip\":\"")
    Base64.append(encoding: packed.view, to: &text)
    text.append("\"}")
  }

  /// Appends a column, and returns how many bytes its numbers have.
  private static func column(
    _ cells: [ReportFigures.Cell], to bytes: inout ByteBuffer,
    _ value: (ReportFigures.Cell) -> UInt32
  ) -> Int {
    let most = cells.reduce(0) { max($0, value($1)) }
    let width = most < 1 << 8 ? 1 : most < 1 << 16 ? 2 : most < 1 << 24 ? 3 : 4
    for cell in cells {
      var rest = value(cell)
      for _ in 0..<width {
        bytes.append(UInt8(truncatingIfNeeded: rest))
        rest >>= 8
      }
    }
    return width
  }

  // MARK: Events

  /// Each as `[time in milliseconds, a number for each dimension, part, line, text]`.
  private static func appendDetails(_ figures: ReportFigures, to text: inout ByteBuffer) {
    let used = Set(figures.details.map(\.part)).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    text.append("{\"budget\":")
    text.append(decimal: figures.limits.detailBudget)
    text.append(",\"parts\":")
    text.append(list: used) { part, text in
      text.append(quoted: figures.parts.indices.contains(part) ? figures.parts[part].path : "")
    }
    text.append(",\"attributions\":")
    text.append(list: used) { part, text in
      let name = figures.parts.indices.contains(part) ? figures.parts[part].attribution : nil
      if let name { text.append(quoted: name) } else { text.append("null") }
    }
    text.append(",\"rows\":")
    text.append(list: figures.details) { detail, text in
      text.append("[")
      text.append(time: detail.time)
      for (_, dimension) in dimensions {
        text.append(",")
        text.append(decimal: Int(detail.codes[dimension]))
      }
      text.append(",")
      text.append(decimal: numbers[detail.part] ?? 0)
      text.append(",")
      text.append(decimal: detail.line)
      text.append(",")
      detail.text.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &text) }
      text.append("]")
    }
    text.append("}")
  }
}

/// What a report says of the archive, as JSON.
enum ArchiveData {
  static func append(_ facts: ArchiveFacts, to text: inout ByteBuffer) {
    text.append("{\"head\":")
    text.append(quoted: facts.head)
    text.append(",\"signed_by\":")
    text.append(quoted: facts.signedBy ?? "")
    switch facts.verification {
    case .none: text.append(",\"findings\":null,\"pinned\":false")
    case .findings(let count, let isPinned):
      text.append(",\"findings\":", count)
      text.append(isPinned ? ",\"pinned\":true" : ",\"pinned\":false")
    }
    let total = facts.total
    let numbers: [(StaticString, Int)] = [
      (",\"commits\":", facts.commits), (",\"parts\":", facts.parts),
      (",\"bytes\":", Int(facts.bytes)), (",\"read\":", total.read),
      (",\"written\":", total.written), (",\"duplicates\":", total.duplicates),
      (",\"filtered\":", total.filtered), (",\"quarantined\":", total.quarantined),
    ]
    for (member, number) in numbers { text.append(member, number) }
    text.append(",\"first\":")
    text.append(time: facts.firstCommit)
    text.append(",\"last\":")
    text.append(time: facts.lastCommit)
    text.append(",\"newest\":")
    text.append(list: facts.newest) { commit, text in
      text.append("[")
      text.append(decimal: commit.sequence)
      text.append(",")
      text.append(quoted: commit.kind)
      text.append(",")
      text.append(time: commit.time)
      for number in [
        commit.read, commit.written, commit.duplicates, commit.filtered, commit.quarantined,
      ] {
        text.append(",")
        text.append(decimal: number)
      }
      text.append("]")
    }
    text.append("}")
  }
}

extension ByteBuffer {
  /// A string of JSON.
  fileprivate mutating func append(quoted value: String) {
    JSONString.append(quoting: value, to: &self)
  }

  fileprivate mutating func append(member name: StaticString) {
    append("\"")
    append(name)
    append("\":")
  }

  fileprivate mutating func append(_ member: StaticString, _ number: Int) {
    append(member)
    append(decimal: number)
  }

  /// Milliseconds since 1970; null for no time.
  fileprivate mutating func append(time microseconds: Int64?) {
    guard let microseconds else { return append("null") }
    append(decimal: Int(EventCube.floored(microseconds, by: 1000)))
  }

  fileprivate mutating func append<Element>(
    list: [Element], _ body: (Element, inout ByteBuffer) -> Void
  ) {
    append("[")
    for (at, element) in list.enumerated() {
      if at > 0 { append(",") }
      body(element, &self)
    }
    append("]")
  }
}

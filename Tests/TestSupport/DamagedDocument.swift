internal import Bytes
internal import JSONText

/// A document of records, and what is left of it when it was damaged in one place.
package struct DamagedDocument {
  /// How the records stand in a document.
  package static let forms = [
    "ndjson", "concatenated", "array", "auto lines", "auto array", "records", "documents",
  ]

  /// The document as it was.
  package private(set) var bytes: [UInt8] = []
  /// Where its records lie in it.
  package private(set) var records: [Range<Int>] = []
  private let form: String
  /// Where documents begin that stand behind others.
  private var heads: [Int] = []

  /// A document of 18 to 60 records, or several that hold them. Their strings and lists hold what would be
  /// records, were it looked into.
  package init(_ form: String, _ random: inout SeededGenerator) {
    self.form = form
    let isList = form.contains("array") || form == "records"
    let count = Int.random(in: 18...60, using: &random)
    if form.contains("array") { append("[") }
    if form == "records" { append("{\"meta\":{\"n\":[1,{}]},\"r\":[") }
    if form == "documents" { append("{\"r\":[") }
    for number in 0..<count {
      if number > 0 && isList { append(",") }
      if number > 0 && form == "documents" { separate(&random) }
      let start = bytes.count
      append(DamagedDocument.record(number, &random))
      records.append(start..<bytes.count)
      if form == "ndjson" || form == "auto lines" { append("\n") }
    }
    if form.contains("array") { append("]\n") }
    if form == "records" || form == "documents" { append("],\"next\":null}") }
  }

  /// Goes on with another record, or another document.
  private mutating func separate(_ random: inout SeededGenerator) {
    guard Int.random(in: 0..<3, using: &random) == 0 else { return append(",") }
    append("],\"next\":null}")
    heads.append(bytes.count)
    append("{\"r\":[")
  }

  /// The text of a record.
  package func text(_ record: Int) -> String {
    String(decoding: bytes[records[record]], as: UTF8.self)
  }

  /// The document with other bytes in place of one of its records.
  package func replacing(_ record: Int, with text: String) -> [UInt8] {
    var changed = bytes
    changed.replaceSubrange(records[record], with: Array(text.utf8))
    return changed
  }

  private mutating func append(_ text: String) { bytes += Array(text.utf8) }

  private static let words = [
    "", "plain", "},{\\\"n\\\":1},{\\\"n\\\":2}", "\\\\", "\\\"", "][", "{", "}{", "é", "\\u00e9",
    "},\\n{\\\"n\\\":3}\\n",
  ]

  private static func record(_ number: Int, _ random: inout SeededGenerator) -> String {
    let word = words.randomElement(using: &random) ?? ""
    let list = (0..<Int.random(in: 0...30, using: &random)).map { "{\"n\":\($0)}" }
    let nested = ["{\"\(word)\":1}", "[\(list.joined(separator: ","))]", "-1.5e3", "null"]
    return
      "{\"n\":\(number),\"s\":\"\(word)\",\"v\":\(nested.randomElement(using: &random) ?? "1")}"
  }

  /// The document with damage in one place, and the bytes that the damage touched; not the beginning, which
  /// tells what an array is, nor the end.
  package func damaged(_ random: inout SeededGenerator) -> (bytes: [UInt8], touched: Range<Int>) {
    var damaged = bytes
    let at = Int.random(in: records[0].lowerBound + 2..<bytes.count - 4, using: &random)
    let noise: [UInt8] = [
      0, 0x0A, 0x22, 0x2C, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x80, 0xFF, 0x31, 0x61,
    ]
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      damaged[at] ^= UInt8.random(in: 1...255, using: &random)
      return (damaged, at..<at + 1)
    case 1:
      let end = min(at + Int.random(in: 1...300, using: &random), bytes.count - 2)
      damaged.removeSubrange(at..<end)
      return (damaged, at..<end)
    case 2:
      let inserted = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        noise.randomElement(using: &random) ?? 0
      }
      damaged.insert(contentsOf: inserted, at: at)
      return (damaged, at..<at)
    case 3:
      // Cut, with what may stand behind: another document, or what a file system leaves there.
      let head = heads.first { $0 > at }
      let end = Bool.random(using: &random) ? head ?? bytes.count : bytes.count
      let tails: [[UInt8]] = [
        [], Array("}]".utf8), Array("\"}\n".utf8), Array("...\n".utf8),
        Array(repeating: 0, count: 40), [0xFF], Array("}],\n".utf8), Array(",{\"n\"}]".utf8),
      ]
      let tail = end < bytes.count ? [] : tails.randomElement(using: &random) ?? []
      damaged.replaceSubrange(at..<end, with: tail)
      return (damaged, at..<end)
    default:
      damaged.replaceSubrange(at..<at + 2, with: [noise.randomElement(using: &random) ?? 0, 0xC3])
      return (damaged, at..<at + 2)
    }
  }

  /// The records that damage to `touched`, which made `damaged` of the document, leaves as they were. In
  /// lines, a line is touched as a whole.
  ///
  /// What ends the array and its line, or puts a line of an object and another's beginning into it, leaves
  /// lines, of which the next one is torn; what ends the document, or the records in it, or takes the way to
  /// them, leaves another without a place for records, or other members; what an object holds that is JSON up
  /// to there may be its own. Nobody can tell that from what was meant.
  package func untouched(by touched: Range<Int>, in damaged: [UInt8]) -> [Int] {
    let isInLines = form == "ndjson" || form == "auto lines"
    let end = touched.upperBound + damaged.count - bytes.count
    let noise = damaged[touched.lowerBound..<max(touched.lowerBound, end)]
    let bracket = noise.firstIndex(of: 0x5D).map { noise[$0...] } ?? []
    let isInDocument = form == "records" || form == "documents"
    let endsAll =
      form == "auto array" && (bracket.contains(0x0A) || beginsLines(noise))
      || isInDocument && bracket.contains { $0 == 0x7D || $0 == 0x2C }
    let endOfAll = endsAll ? heads.first { $0 >= touched.upperBound } ?? bytes.count : 0
    let own = isInLines ? 0 : endOfOwn(touched.lowerBound, end, in: damaged)
    let lost = documentWithoutHead(touched)
    return records.indices.filter { index in
      var record = records[index]
      if lost.overlaps(record) || isInShortRow(index, touched) { return false }
      if record.lowerBound >= touched.lowerBound {
        if record.lowerBound < endOfAll { return false }
        if record.upperBound + damaged.count - bytes.count <= own { return false }
      }
      if isInLines { record = max(record.lowerBound - 1, 0)..<record.upperBound + 1 }
      return touched.upperBound < record.lowerBound || touched.lowerBound > record.upperBound
        || touched.lowerBound == record.upperBound && !isInLines && !touched.isEmpty
    }
  }

  /// A line that is an object, or an object over lines, and behind it the beginning of another line.
  private func beginsLines(_ noise: ArraySlice<UInt8>) -> Bool {
    let pieces = noise.split(separator: 0x0A, omittingEmptySubsequences: false).dropFirst()
    guard let first = pieces.first, let last = pieces.dropFirst().last else { return false }
    return first.first == 0x7B && pieces.dropLast().contains { $0.contains(0x7D) }
      && (last.isEmpty || last.first == 0x7B || last.first == 0x5B)
  }

  /// The last document of which the damage touches the way to the records.
  private func documentWithoutHead(_ touched: Range<Int>) -> Range<Int> {
    guard let head = heads.last(where: { $0 <= touched.upperBound }),
      touched.lowerBound < head + 6
    else { return 0..<0 }
    return head..<(heads.first { $0 > head } ?? bytes.count)
  }

  /// Whether the damage touches the one name that records were known by, and fewer than sixteen of another
  /// stand with this record behind it.
  private func isInShortRow(_ record: Int, _ touched: Range<Int>) -> Bool {
    let isInLines = form == "ndjson" || form == "auto lines"
    guard !isInLines, touched.lowerBound < records[0].lowerBound + 4 else { return false }
    let begin = max(heads.last { $0 < records[record].lowerBound } ?? 0, touched.upperBound)
    let end = heads.first { $0 > records[record].lowerBound } ?? bytes.count
    return records.count { $0.lowerBound >= begin && $0.upperBound <= end } < 16
  }

  /// Whether what came out of `damaged`, at `place`, is part of what a record holds, that the damage does not
  /// touch: in front of the damage, or in a record behind it.
  package func isForged(_ place: Range<Int>, by touched: Range<Int>, in damaged: [UInt8]) -> Bool {
    let end = touched.upperBound + damaged.count - bytes.count
    if place.upperBound <= touched.lowerBound { return !records.contains(place) }
    guard place.lowerBound >= end else { return false }
    let moved = place.lowerBound - damaged.count + bytes.count
    let original = moved..<moved + place.count
    return records.contains { record in
      record != original && record.lowerBound <= moved && original.upperBound <= record.upperBound
        && record.lowerBound >= touched.upperBound
    }
  }

  /// How far an object is JSON, but for how its strings are written, that begins before the damage, or with
  /// it, from `start` to `end` in what it left.
  private func endOfOwn(_ start: Int, _ end: Int, in damaged: [UInt8]) -> Int {
    let before = records.last { $0.lowerBound <= start }?.lowerBound ?? 0
    let scanner = Scanner(PointerSet([]))
    func replacingBad(by plain: UInt8) -> [UInt8] {
      damaged.map { $0 >= 0x80 || $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) ? plain : $0 }
    }
    var last = 0
    for text in [damaged, replacingBad(by: UInt8(ascii: "x")), replacingBad(by: UInt8(ascii: "0"))]
    {
      for place in before..<max(before, min(end, text.count)) where text[place] == UInt8(ascii: "{")
      {
        let length = text[place...].withUnsafeBufferPointer { scanner.collect($0) { _ in }.end }
        last = max(last, place + length)
      }
    }
    return last
  }
}

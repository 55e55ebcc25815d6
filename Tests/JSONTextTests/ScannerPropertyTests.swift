import Foundation
import JSONText
import TestSupport
import Testing

/// What holds for every text.
@Suite struct ScannerPropertyTests {
  /// Random pointers: some that are there, some that a later key took away, some that never were.
  private static func choosePointers(_ document: inout RandomJSON) -> [[UInt8]] {
    var chosen: Set<[UInt8]> = []
    for path in document.everSeen where document.random.chance(40) { chosen.insert(path) }
    chosen.insert([])
    chosen.insert(Array("/nowhere".utf8))
    for path in document.everSeen where document.random.chance(5) {
      chosen.insert(path + "/a".utf8)
      chosen.insert(path + "/0".utf8)
    }
    return chosen.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test(arguments: 0..<20)
  func locatesExactlyWhatWasWritten(_ seed: Int) throws {
    for round in 0..<150 {
      var document = RandomJSON(seed: UInt64(seed * 1000 + round))
      document.document()
      let chosen = ScannerPropertyTests.choosePointers(&document)
      let set = try pointers(chosen.map { String(decoding: $0, as: UTF8.self) })
      let result = scanWhole(document.text, set)
      guard result.fault == .none else {
        Issue.record("\(String(decoding: document.text, as: UTF8.self)): \(result.fault)")
        return
      }
      for (slot, path) in chosen.enumerated() {
        let field = result.fields[slot]
        let found: RandomJSON.Place? =
          field.kind == .missing
          ? nil
          : RandomJSON.Place(
            start: Int(field.start), count: Int(field.count), kind: field.kind,
            isEscaped: field.isEscaped)
        guard found == document.places[path] else {
          Issue.record(
            """
            \(String(decoding: path, as: UTF8.self)) in \
            \(String(decoding: document.text, as: UTF8.self)): \(String(describing: found))
            """)
          return
        }
      }
    }
  }

  /// Framing relies on it: as long as more bytes could make it a value, the fault says so.
  @Test(arguments: 0..<20)
  func everyPrefixIsAnUnexpectedEnd(_ seed: Int) {
    for round in 0..<20 {
      var document = RandomJSON(seed: UInt64(900_000 + seed * 1000 + round))
      document.document()
      let text = document.text
      let whole = scan(text)
      for count in 0..<text.count {
        let prefix = scan(Array(text.prefix(count)))
        let expected: [ScanFault] =
          if count <= whole.scan.start {
            [.emptyText]
          } else if count >= whole.scan.end {
            [.none]
          } else {
            whole.scan.kind == .number ? [.none, .unexpectedEnd] : [.unexpectedEnd]
          }
        guard expected.contains(prefix.fault), prefix.scan.end <= count else {
          Issue.record("\(count) bytes of \(String(decoding: text, as: UTF8.self)): \(prefix)")
          return
        }
      }
    }
  }

  @Test(arguments: 0..<10)
  func scanningFromAnywhereGivesTheSame(_ seed: Int) {
    for round in 0..<50 {
      var document = RandomJSON(seed: UInt64(500_000 + seed * 1000 + round))
      document.document()
      let alone = scan(document.text)
      let before = (0..<round % 19).map { _ in UInt8.random(in: 0...255, using: &document.random) }
      let shifted = scan(before + document.text + [0x7D], from: before.count)
      #expect(shifted.fault == alone.fault)
      #expect(shifted.scan.start == alone.scan.start + before.count)
      #expect(shifted.scan.end == alone.scan.end + before.count)
      #expect(shifted.scan.hasLineBreaks == alone.scan.hasLineBreaks)
    }
  }

  // MARK: The oracle

  @Test(arguments: 0..<20)
  func agreesWithFoundationOnRandomTexts(_ seed: Int) {
    for round in 0..<50 {
      var document = RandomJSON(seed: UInt64(700_000 + seed * 1000 + round))
      document.allowsDuplicates = false
      document.document()
      #expect(FoundationOracle.accepts(document.text))
      #expect(scanWhole(document.text).fault == .none)
    }
  }

  @Test(arguments: 0..<20)
  func agreesWithFoundationOnMutatedTexts(_ seed: Int) {
    var refusals = 0
    for round in 0..<300 {
      var document = RandomJSON(seed: UInt64(800_000 + seed * 1000 + round))
      document.document()
      var text = document.text
      for _ in 0..<Int.random(in: 1...3, using: &document.random) {
        mutate(&text, &document.random)
      }
      guard FoundationOracle.isComparable(text) else { continue }
      let isAccepted = scanWhole(text).fault == .none
      if !isAccepted { refusals += 1 }
      guard isAccepted == FoundationOracle.accepts(text) else {
        Issue.record("\(String(decoding: text, as: UTF8.self)): \(scanWhole(text)); \(text)")
        return
      }
    }
    #expect(refusals > 50)
  }

  private func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
    let at = Int.random(in: 0...text.count, using: &random)
    let grammar = Array("{}[]\",:\\ue+-.0123456789tfn \n".utf8)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: text.insert(random.pick(grammar), at: at)
    case 1: text.insert(UInt8.random(in: 0...255, using: &random), at: at)
    case 2 where at < text.count: text[at] = random.pick(grammar)
    case 3 where at < text.count: text.remove(at: at)
    default: text.removeSubrange(at..<min(at + 3, text.count))
    }
  }
}

/// JSONSerialization, and where it deviates from what trailmill promises (docs/json.md).
private enum FoundationOracle {
  static func accepts(_ text: [UInt8]) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
  }

  static func isComparable(_ text: [UInt8]) -> Bool {
    !hasLoneSurrogate(text) && !hasHugeNumber(text) && !hasTrailingComma(text)
      && !looksLikeAnotherEncoding(text)
  }

  /// It accepts a comma before a closing bracket.
  private static func hasTrailingComma(_ text: [UInt8]) -> Bool {
    let dense = text.filter { !" \t\r\n".utf8.contains($0) }
    return zip(dense, dense.dropFirst()).contains { first, second in
      first == UInt8(ascii: ",") && (second == UInt8(ascii: "]") || second == UInt8(ascii: "}"))
    }
  }

  /// It guesses UTF-16 and UTF-32 from zero bytes and byte order marks.
  private static func looksLikeAnotherEncoding(_ text: [UInt8]) -> Bool {
    text.prefix(4).contains(0) || (text.first ?? 0) >= 0xEF
  }

  /// It refuses escaped surrogates without a partner.
  private static func hasLoneSurrogate(_ text: [UInt8]) -> Bool {
    var at = 0
    var isHighBefore = false
    while at < text.count {
      var isHigh = false
      var length = 1
      if text[at] == UInt8(ascii: "\\"), at + 1 < text.count {
        length = 2
        if text[at + 1] == UInt8(ascii: "u"), at + 6 <= text.count,
          let unit = UInt16(String(decoding: text[at + 2..<at + 6], as: UTF8.self), radix: 16)
        {
          length = 6
          isHigh = unit & 0xFC00 == 0xD800
          if (unit & 0xFC00 == 0xDC00) != isHighBefore { return true }
        } else if isHighBefore {
          return true
        }
      } else if isHighBefore {
        return true
      }
      isHighBefore = isHigh
      at += length
    }
    return false
  }

  /// It refuses numbers that no Double holds.
  private static func hasHugeNumber(_ text: [UInt8]) -> Bool {
    text.split { !"0123456789+-.eE".utf8.contains($0) }.contains { number in
      Double(String(decoding: number, as: UTF8.self))?.isInfinite ?? false
    }
  }
}

internal import Archive
package import History
package import Verify
package import Bytes
internal import Engine
package import JSONText
internal import Synchronization

/// What an event that is looked for has at a place.
package struct EventCondition: Sendable {
  let pointer: JSONPointer
  let value: [UInt8]

  /// Holds where the text of a string is `value`, or a number or boolean is written so.
  package init(_ pointer: JSONPointer, is value: String) {
    self.pointer = pointer
    self.value = Array(value.utf8)
  }
}

/// The events that fit, in the order of the parts' paths and the lines in them.
package struct EventMatches: Sendable {
  /// What one part holds of them.
  struct InPart: Sendable {
    var part: LiveFile
    /// How many fit.
    var count = 0
    /// The numbers of the first lines that fit, from 0.
    var lines: [Int] = []
  }

  /// Those that have any.
  var parts: [InPart] = []

  /// How many fit.
  package var count: Int { parts.reduce(0) { $0 + $1.count } }

  /// The first ones; no more than the search kept of each part.
  package func first(_ number: Int) -> [EventPlace] {
    Array(
      parts.lazy.flatMap { found in found.lines.map { EventPlace(part: found.part, index: $0) } }
        .prefix(number))
  }
}

/// Looks for events in the parts that were not taken out. Needs no lock.
package struct EventSearch: Sendable {
  /// How many lines are kept of each part: 5.
  package static let kept = 5

  private let history: ArchiveHistory
  private let conditions: [EventCondition]
  private let parts: [LiveFile]

  /// Looks for events for which all conditions hold. Parts of which the times are known, and lie
  /// before `since`, or at `until` or later, are not read.
  package init(
    _ history: ArchiveHistory, _ conditions: [EventCondition], window: TimeWindow = TimeWindow()
  ) throws(ArchiveError) {
    self.history = history
    self.conditions = conditions
    parts = try LiveFiles(history).all(.part).filter { part in
      guard let first = part.row.firstTime, let last = part.row.lastTime else { return true }
      return window.mayMeet(first, last)
    }
  }

  /// Reads the parts, several at a time. Throws, with the kind `damaged`, if one of them is not as it was
  /// committed: it could hold another event that fits.
  package func run(threads: Int) throws(ArchiveError) -> EventMatches {
    let found = FoundParts(count: parts.count)
    do {
      try Parallel.forEach(parts.count, threads: threads) { index in
        found.set(index, try search(parts[index], keeping: EventSearch.kept))
      }
    } catch { throw ArchiveError(reading: error) }
    return EventMatches(parts: found.all.filter { $0.count > 0 })
  }

  /// The event with a number from 1 on, in the order of the matches; nil if there are fewer.
  package func place(_ number: Int, of matches: EventMatches) throws(ArchiveError) -> EventPlace? {
    guard number > 0 else { return nil }
    var before = 0
    for found in matches.parts {
      let rank = number - 1 - before
      before += found.count
      guard rank < found.count else { continue }
      do {
        let lines =
          rank < found.lines.count
          ? found.lines : try search(found.part, keeping: rank + 1).lines
        return rank < lines.count ? EventPlace(part: found.part, index: lines[rank]) : nil
      } catch { throw ArchiveError(reading: error) }
    }
    return nil
  }

  private func search(_ part: LiveFile, keeping limit: Int) throws -> EventMatches.InPart {
    var found = EventMatches.InPart(part: part)
    let filter = EventFilter(conditions)
    var number = 0
    try history.forEachLine(of: part) { line in
      if filter.matches(line) {
        found.count += 1
        if found.lines.count < limit { found.lines.append(number) }
      }
      number += 1
    }
    return found
  }
}

/// What workers found, by part.
private final class FoundParts: Sendable {
  private let parts: Mutex<[EventMatches.InPart?]>

  init(count: Int) { parts = Mutex(Array(repeating: nil, count: count)) }

  func set(_ index: Int, _ found: EventMatches.InPart) { parts.withLock { $0[index] = found } }

  var all: [EventMatches.InPart] { parts.withLock { $0.compactMap { $0 } } }
}

/// Tells which lines fit. One for each worker.
private final class EventFilter {
  private struct Test {
    let slot: Int
    let value: JSONNeedle
  }

  private let scanner: Scanner
  private let tests: [Test]
  private var fields: [Field]
  private var text = ByteBuffer()

  init(_ conditions: [EventCondition]) {
    var table = PointerTable()
    tests = conditions.map {
      Test(slot: table.slot($0.pointer), value: JSONNeedle($0.value))
    }
    scanner = Scanner(PointerSet(table.pointers))
    fields = Array(repeating: .missing, count: max(table.pointers.count, 1))
  }

  func matches(_ line: ByteView) -> Bool {
    // Nearly every line ends here: finding bytes is cheaper than reading JSON.
    for test in tests where !test.value.mayBeIn(line) { return false }
    let scan = fields.withUnsafeMutableBufferPointer { fields -> Scan? in
      fields.baseAddress.map { scanner.scanWhole(line, fields: $0) }
    }
    guard scan?.fault == ScanFault.none else { return false }
    return tests.allSatisfy { isThere($0, line) }
  }

  private func isThere(_ test: Test, _ line: ByteView) -> Bool {
    let field = fields[test.slot]
    func view(_ span: Span32) -> ByteView { ByteView(rebasing: line[Int(span.start)..<span.end]) }
    switch field.kind {
    case .number, .true, .false: return view(field.span).elementsEqual(test.value.text)
    case .string:
      guard field.isEscaped else { return view(field.content).elementsEqual(test.value.text) }
      text.removeAll()
      // Half of a surrogate pair is no text that anybody could name.
      return JSONString.unescape(view(field.content), into: &text)
        && text.view.elementsEqual(test.value.text)
    default: return false
    }
  }
}

package import Bytes
internal import JSONText
package import Trail

/// On which days the events happened that a file of digests stands for, and by which rule that was read.
///
/// An event of another day is not in the file, if its time was read by the same rule: the same bytes have the
/// same time then. By another rule nothing is known.
package struct EventDays: Equatable, Sendable {
  /// Days that a row lists at most: 1,000. A file with more says nothing of its days.
  package static let most = 1000

  /// The days, in their order and each once. No time is one of them.
  package private(set) var days: [EventDay]
  /// The digest of the rule: `Dialect.timeRule`.
  package let rule: Digest256

  /// The days, in any order; nil if there are none, or more than a row lists.
  package init?(_ days: some Sequence<EventDay>, rule: Digest256) {
    self.days = Set(days).sorted()
    self.rule = rule
    guard 1...EventDays.most ~= self.days.count else { return nil }
  }

  /// The days of this file and of another one together; nil if these are not known.
  package func union(_ other: EventDays?) -> EventDays? {
    guard let other, other.rule == rule else { return nil }
    return EventDays(days + other.days, rule: rule)
  }
}

extension EventDays {
  /// The members of a row that say it.
  private static let members = DocumentMembers(["/days", "/time_rule", "/days/*"])

  /// What a row says of days.
  package enum Claim: Equatable, Sendable {
    /// Nothing, as those of earlier versions.
    case nothing
    /// That the events are of these.
    case days(EventDays)
    /// Something that no run writes, and that nobody goes by.
    case malformed
  }

  /// Reads what rows say of days.
  struct Reader: ~Copyable {
    private var documents = DocumentReader(EventDays.members)

    /// What the row on a line says.
    mutating func read(_ line: ByteView) -> Claim {
      guard let row = try? documents.read(line) else { return .malformed }
      if row.kind(0) == .missing, row.kind(1) == .missing { return .nothing }
      guard row.kind(0) == .array, let rule = row.digest(1), let dates = row.texts(2),
        1...EventDays.most ~= dates.count
      else { return .malformed }
      let days = dates.compactMap { date -> EventDay? in
        guard var date else { return EventDay.withoutTime }
        return date.withUTF8 { EventDay(date: $0) }
      }
      guard days.count == dates.count, zip(days, days.dropFirst()).allSatisfy(<),
        let known = EventDays(days, rule: rule)
      else { return .malformed }
      return .days(known)
    }
  }
}

extension JSONWriter {
  /// The members of a row that say on which days its events happened.
  mutating func members(_ days: EventDays) {
    member(
      "days",
      raw: { text in
        text.append(UInt8(ascii: "["))
        for (number, day) in days.days.enumerated() {
          if number > 0 { text.append(UInt8(ascii: ",")) }
          text.append(utf8: day.date.map { "\"\($0)\"" } ?? "null")
        }
        text.append(UInt8(ascii: "]"))
      })
    member("time_rule", days.rule)
  }
}

package import Bytes
package import Trail

/// What is known of one identity, in numbers.
package struct IdentityStory {
  /// What names are listed of.
  package enum Subject: String, CaseIterable {
    case shownAs = "shown as"
    case from = "taken from"
    case keys, claims
    /// Of events in which nobody is named.
    case candidates = "could have been"
    case addresses, actions, resources, accounts, signals
  }

  private static let mostNames = 100_000
  /// Bytes of all names of a list that are told apart: 16 MiB.
  private static let mostBytes = 16 << 20
  /// Microseconds.
  private static let day: Int64 = 86_400_000_000

  /// How many events there are.
  package private(set) var events = 0
  package private(set) var first: Timestamp?
  package private(set) var last: Timestamp?
  private var names: [Subject: NamedCounts] = [:]
  private var days: [Int64: Int] = [:]

  package init() {}

  /// The names of a subject.
  package subscript(subject: Subject) -> NamedCounts {
    names[subject] ?? NamedCounts(mostNames: Self.mostNames, mostBytes: Self.mostBytes)
  }

  /// The days with events and how many each has, in order.
  package var eventsByDay: [(day: Timestamp, count: Int)] {
    days.sorted { $0.key < $1.key }.compactMap { day, count in
      Timestamp(microseconds: day * Self.day).map { ($0, count) }
    }
  }

  /// Takes an event in.
  package mutating func add(_ event: ArchivedEvent) {
    events += 1
    if let time = event.time.flatMap({ Timestamp(microseconds: $0) }) {
      first = first.map { min($0, time) } ?? time
      last = last.map { max($0, time) } ?? time
      let microseconds = time.microseconds
      let begin = microseconds - (microseconds % Self.day + Self.day) % Self.day
      days[begin / Self.day, default: 0] += 1
    }
    if event.shownActor.map({ !$0.isEmpty }) ?? false { counts(of: .shownAs).addActor(of: event) }
    count(.from, event.from)
    count(.keys, event.shownKey)
    for claim in event.claims { count(.claims, claim) }
    for candidate in event.candidates { count(.candidates, candidate) }
    count(.addresses, event.value(.address))
    count(.actions, event.value(.action))
    count(.resources, event.value(.resource))
    count(.accounts, event.value(.account))
    for signal in event.signals { count(.signals, signal) }
  }

  private mutating func count(_ subject: Subject, _ text: ByteView?) {
    guard let text, text.count > 0 else { return }
    counts(of: subject).add(text)
  }

  private mutating func count(_ subject: Subject, _ name: [UInt8]) { counts(of: subject).add(name) }

  private mutating func counts(of subject: Subject) -> NamedCounts {
    let counts = self[subject]
    names[subject] = counts
    return counts
  }
}

internal import Bytes
internal import Search
internal import Terminal

/// One identity's story as text for people.
struct IdentityStoryText {
  private static let mostDays = 31
  private static let barWidth = 40
  /// Columns before a bar.
  private static let barStart = 23

  private let story: IdentityStory
  private let name: String
  private let top: Int
  /// Columns that lines of lists may have; nil for as many as they need.
  private let width: Int?

  /// Of each list the `top` most frequent names are shown, cut where the terminal has no room for them.
  init(_ story: IdentityStory, of name: String, top: Int, width: Int?) {
    self.story = story
    self.name = Console.printable(name)
    self.top = top
    self.width = width
  }

  var text: String {
    guard story.events > 0 else { return "no event of \(name)\n" }
    var text = "\(name): \(Figures.counted(story.events, "event"))"
    if let first = story.first, let last = story.last {
      text += ", first \(first.rfc3339), last \(last.rfc3339)"
    }
    text += "\n"
    for subject in IdentityStory.Subject.allCases { text += list(subject) }
    return text + timeline
  }

  private func list(_ subject: IdentityStory.Subject) -> String {
    let names = story[subject]
    guard names.count > 0 else { return "" }
    let isCut = names.count > top
    var text = "\n\(subject.rawValue)"
    text += isCut ? " (the \(top) most frequent of \(names.count))\n" : "\n"
    for (name, isKey, count) in names.ranked.prefix(top) {
      let number = TextColumns.rightAligned(Figures.grouped(count), 9)
      text += fitted(number + "  " + CountPrinter.text(name, isKey: isKey))
    }
    return text
  }

  private func fitted(_ line: String) -> String {
    (width.map { TextWidth.cut(line, to: $0) } ?? line) + "\n"
  }

  /// A bar for each day with events, longest for the busiest.
  private var timeline: String {
    let days = story.eventsByDay
    guard let most = days.map(\.count).max() else { return "" }
    var text = "\ntimeline\n"
    for (day, count) in days.suffix(Self.mostDays) {
      let number = TextColumns.rightAligned(Figures.grouped(count), 8)
      let longest = min(Self.barWidth, max(1, (width ?? .max) - Self.barStart))
      let bar = String(repeating: "▇", count: max(1, count * longest / most))
      text += fitted("  \(day.rfc3339.prefix(10)) \(number)  \(bar)")
    }
    if days.count > Self.mostDays {
      text += "  (the last \(Self.mostDays) of \(days.count) days with events)\n"
    }
    return text
  }
}

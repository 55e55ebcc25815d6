internal import Bytes
internal import JSONText

/// The rows of a list that commits leave beside their parts, which `trailmill log` shows.
enum CommitList {
  /// What was turned away, and why.
  case quarantine
  /// What somebody should hear of.
  case signals

  /// Titles of the columns, and the members of a row that stand there: the first that is a text or a number.
  var columns: [(title: String, members: [String])] {
    switch self {
    case .quarantine:
      [
        ("stage", ["/stage"]), ("reason", ["/reason"]), ("record", ["/record"]),
        ("offset", ["/offset"]), ("file", ["/file"]),
      ]
    case .signals:
      [
        ("time", ["/time"]), ("severity", ["/severity"]), ("signal", ["/signal"]),
        ("account", ["/account"]), ("actor", ["/display_actor", "/actor"]),
        ("address", ["/address"]), ("message", ["/message"]), ("record", ["/record/record"]),
        ("file", ["/record/file"]),
      ]
    }
  }
}

/// Reads rows of a list into columns.
struct ListedRowReader: ~Copyable {
  private let columns: [[Int]]
  private let members: DocumentMembers
  private var reader: DocumentReader

  init(_ list: CommitList) {
    members = DocumentMembers(list.columns.flatMap(\.members))
    reader = DocumentReader(members)
    let members = members
    columns = list.columns.map { $0.members.map { members.place($0) } }
  }

  /// A text for each column; none if the row cannot be read.
  mutating func row(_ line: ByteView) -> [String] {
    guard let document = try? reader.read(line) else { return [] }
    return columns.map { places in
      places.lazy.compactMap { place in
        document.string(place) ?? document.number(place, Int.self).map { "\($0)" }
      }.first ?? ""
    }
  }
}

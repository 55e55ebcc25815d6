internal import Bytes
internal import CommandLine
internal import Search
internal import Trail

/// Filters of events, all of which have to hold.
enum FilterOptions {
  private static let window = SharedOptions.window(
    since: "from this time on (RFC 3339 or date)", until: "before this time")
  private static let place = Option(
    "where", .pointerValue("/POINTER=VALUE"), repeats: true,
    "the value at a JSON Pointer")

  static var all: [any AnyOption] {
    SearchField.allCases.map(option) + window.all + [place]
  }

  private static func option(_ field: SearchField) -> Option<String> {
    let (placeholder, summary) =
      switch field {
      case .actor: ("TEXT", "display actor, original actor or a retained claim")
      case .key: ("TEXT", "id or name of an API key")
      case .action: ("TEXT", "what was done")
      case .resource: ("TEXT", "what it was done to")
      case .address: ("ADDRESS|BLOCK", "where from, such as 10.0.0.0/8")
      case .account: ("TEXT", "whose events")
      case .signal: ("NAME", "what it is a sign of")
      }
    return Option(field.rawValue, .text(placeholder), repeats: true, summary)
  }

  /// What the filters of a command line ask for.
  static func query(_ arguments: CommandArguments) throws -> SearchQuery {
    var query = SearchQuery()
    for field in SearchField.allCases {
      for text in try arguments.values(option(field)) { query.add(field, text) }
    }
    for place in try arguments.values(place) {
      query.conditions.append(.pointer(place.pointer, Glob(place.value)))
    }
    query.window = try arguments.window(window)
    return query
  }
}

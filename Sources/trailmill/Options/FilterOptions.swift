internal import Bytes
internal import CommandLine
internal import Search
internal import Trail

/// Filters of events, all of which have to hold.
enum FilterOptions {
  private static let window = SharedOptions.window(
    since: "from this time on: 2024-01-31, yesterday, 7d (ago)", until: "before this time")
  private static let place = Option(
    "where", .pointerValue("/POINTER=VALUE"), repeats: true,
    "the value at a JSON Pointer")
  static let ignoreCase = Flag(
    "ignore-case", "capital and small letters are the same, and ways to write accents")

  static var all: [any AnyOption] {
    SearchField.allCases.map(option) + window.all + [place, ignoreCase]
  }

  private static func option(_ field: SearchField) -> Option<String> {
    let (kind, summary): (OptionKind<String>, String) =
      switch field {
      case .actor: (.text(), "display actor, original actor or a retained claim")
      case .key: (.text(), "id or name of an API key")
      case .action: (.text(), "what was done")
      case .resource: (.text(), "what it was done to")
      case .address: (.addressFilter, "where from, such as 10.0.0.0/8")
      case .account: (.text(), "whose events")
      case .signal: (.text("NAME"), "what it is a sign of")
      case .candidate: (.text(), "who it could have been, where nobody is named")
      }
    return Option(field.rawValue, kind, repeats: true, summary)
  }

  /// What the filters of a command line ask for.
  static func query(_ arguments: CommandArguments) throws -> SearchQuery {
    var query = SearchQuery()
    let ignoresCase = arguments.has(ignoreCase)
    for field in SearchField.allCases {
      for text in try arguments.values(option(field)) {
        query.add(field, FilterText(text, ignoresCase: ignoresCase))
      }
    }
    for place in try arguments.values(place) {
      query.add(place.pointer, FilterText(place.value, ignoresCase: ignoresCase))
    }
    query.window = try arguments.window(window)
    return query
  }
}

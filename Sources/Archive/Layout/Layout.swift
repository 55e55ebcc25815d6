internal import Bytes
internal import Codec
internal import JSONText
internal import Trail

/// A layout that cannot be used, and why.
package struct LayoutError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The layout as it was written.
  package let layout: String
  /// What is wrong with it, and what to do.
  package let reason: String

  /// The sentence for people.
  package var description: String {
    "the layout cannot be used: \(layout.debugDescription): \(reason)"
  }
}

/// Which folder of the archive a record goes to: a row of folder names, made of text and values.
///
/// Five have names: `hive`, `daily`, `collector`, `firehose` and `cloudtrail`. Any other is written as a
/// template, like `{account}/{date}/{/data/args/Input/Space}`. Time is the event's own, in UTC.
package struct Layout: Equatable, Sendable {
  enum Value: Equatable, Sendable {
    case role(Role)
    case pointer(JSONPointer)
    case date, year, month, day, hour

    /// True for what comes from the event's time, whose text has a fixed form.
    var isTime: Bool {
      switch self {
      case .role, .pointer: false
      case .date, .year, .month, .day, .hour: true
      }
    }

    /// Bytes that a value of time takes, `__HIVE_DEFAULT_PARTITION__` at most; 0 for others.
    var timeLength: Int { isTime ? 26 : 0 }
  }

  enum Piece: Equatable, Sendable {
    case text([UInt8])
    case value(Value, PathText.Style)
  }

  /// Most bytes in the name of a folder on the file systems that matter.
  private static let longestName = 255
  private static let mostComponents = 12

  /// The templates that have names.
  package static let named: KeyValuePairs<String, String> = [
    "hive": "acct={account}/dt={date}/hr={hour}",
    "daily": "acct={account}/dt={date}",
    "collector": "year={year}/month={month}/day={day}/hour={hour}",
    "firehose": "{year}/{month}/{day}/{hour}",
    "cloudtrail": "AuditLogs/{account}/{region}/{year}/{month}/{day}",
  ]

  /// The folder names, from the archive downwards.
  let components: [[Piece]]
  /// As manifests note it.
  package let template: String

  /// Its name, or else its template.
  package var name: String {
    Layout.named.first { $0.value == template }?.key ?? template
  }

  /// Takes a name or a template.
  package init(parsing text: String) throws(LayoutError) {
    template = Layout.named.first { $0.key == text }?.value ?? text
    do {
      let tokens = try TemplateReader(template).read()
      components = try Layout.components(tokens)
    } catch {
      throw LayoutError(layout: text, reason: error.reason)
    }
  }

  private static func components(
    _ tokens: [[TemplateReader.Token]]
  ) throws(TemplateFault) -> [[Piece]] {
    guard tokens.joined().contains(where: { if case .value = $0 { true } else { false } }) else {
      let names = named.map(\.key).joined(separator: ", ")
      throw TemplateFault("it is none of \(names), and a template needs at least one {…}")
    }
    guard tokens.count <= mostComponents else {
      throw TemplateFault("it has more than \(mostComponents) folders: leave some out")
    }
    var components: [[Piece]] = []
    for component in tokens { components.append(try pieces(component)) }
    return components
  }

  private static func pieces(_ tokens: [TemplateReader.Token]) throws(TemplateFault) -> [Piece] {
    try checkText(tokens)
    let limit = try limit(tokens)
    var pieces: [Piece] = []
    for (index, token) in tokens.enumerated() {
      switch token {
      case .text(let text): pieces.append(.text(text))
      case .value(let value):
        var style = PathText.Style(limit: limit, terminator: nil, followsKey: false)
        if case .text(let before) = tokens[..<index].last {
          style.followsKey = before.last == UInt8(ascii: "=")
        }
        if index + 1 < tokens.count {
          style.terminator = try terminator(tokens[index + 1], after: value)
        }
        pieces.append(.value(value, style))
      }
    }
    return pieces
  }

  /// Shares the room in a folder's name among its values.
  private static func limit(_ tokens: [TemplateReader.Token]) throws(TemplateFault) -> Int {
    // Two bytes are kept for the escape of a last letter: see `BoundLayout.folder`.
    var room = longestName - 2
    var shares = 0
    for token in tokens {
      switch token {
      case .text(let text): room -= text.count
      case .value(let value):
        room -= value.timeLength
        if !value.isTime { shares += 1 }
      }
    }
    let limit = min(room / max(shares, 1), PathText.longestLimit)
    let needed = shares == 0 ? 0 : PathText.smallestLimit
    guard limit >= needed else {
      throw TemplateFault("a folder's name could become too long: spread it over several folders")
    }
    return limit
  }

  /// What tells where a value ends that has text or another value behind it.
  private static func terminator(
    _ next: TemplateReader.Token, after value: Value
  ) throws(TemplateFault) -> UInt8? {
    if value.isTime { return nil }
    if case .text(let text) = next, let first = text.first, PathText.canTerminate(first) {
      return first
    }
    throw TemplateFault("the end of a value could not be told: put \"/\" or \"-\" behind it")
  }

  private static func checkText(_ tokens: [TemplateReader.Token]) throws(TemplateFault) {
    guard let first = tokens.first, let last = tokens.last else {
      throw TemplateFault("a folder has no name: leave no \"/\" at either end or beside another")
    }
    if case .text(let text) = first, text[0] == UInt8(ascii: ".") || text[0] == UInt8(ascii: "_") {
      throw TemplateFault(
        "a folder's name begins with \".\" or \"_\", which readers skip: rename it")
    }
    if case .text(let text) = first, text[0] == UInt8(ascii: "-") {
      throw TemplateFault("a folder's name begins with \"-\", as options do: rename it")
    }
    if case .text(let text) = last, mayEndLikePart(text, isAlone: tokens.count == 1) {
      throw TemplateFault("a folder's name could end like that of a part: rename it")
    }
  }

  /// What names of parts end in.
  static let partEndings = CompressionFormat.allCases.map { Array($0.linesEnding.utf8) }

  /// What names of compressed files end in, and of parts that are not compressed.
  private static let fileEndings = CompressionFormat.allCases.map {
    Array(($0.nameEnding.isEmpty ? $0.linesEnding : $0.nameEnding).utf8)
  }

  /// True if a folder's name that ends with this text can end like a part, with what a value before it may
  /// end in.
  private static func mayEndLikePart(_ text: [UInt8], isAlone: Bool) -> Bool {
    fileEndings.contains { text.suffix($0.count).elementsEqual($0) }
      || !isAlone && partEndings.contains { $0.suffix(text.count).elementsEqual(text) }
  }
}

struct TemplateFault: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Takes a template apart into folders, and these into text and values.
private struct TemplateReader {
  enum Token {
    case text([UInt8])
    case value(Layout.Value)
  }

  private let text: [UInt8]
  private var folders: [[Token]] = [[]]
  private var pending: [UInt8] = []

  init(_ template: String) { text = Array(template.utf8) }

  consuming func read() throws(TemplateFault) -> [[Token]] {
    var at = 0
    while at < text.count {
      let byte = text[at]
      switch byte {
      case UInt8(ascii: "/"):
        endText()
        folders.append([])
      case UInt8(ascii: "{"):
        endText()
        guard let end = text[at...].firstIndex(of: UInt8(ascii: "}")) else {
          throw TemplateFault("a \"{\" is not closed: put a \"}\" behind the value's name")
        }
        let name = String(decoding: text[(at + 1)..<end], as: UTF8.self)
        folders[folders.count - 1].append(.value(try TemplateReader.value(name)))
        at = end
      case UInt8(ascii: "}"), UInt8(ascii: "\\"), 0..<0x20, 0x7F:
        throw TemplateFault("a \"}\", \"\\\" or control character stands alone: remove it")
      default: pending.append(byte)
      }
      at += 1
    }
    endText()
    return folders
  }

  private mutating func endText() {
    guard !pending.isEmpty else { return }
    folders[folders.count - 1].append(.text(pending))
    pending = []
  }

  private static func value(_ name: String) throws(TemplateFault) -> Layout.Value {
    if name.utf8.first == UInt8(ascii: "/") {
      do { return .pointer(try JSONPointer(name)) } catch {
        throw TemplateFault(error.description)
      }
    }
    switch name {
    case "account": return .role(.account)
    case "region": return .role(.region)
    case "action": return .role(.action)
    case "actor": return .role(.actor)
    case "date": return .date
    case "year": return .year
    case "month": return .month
    case "day": return .day
    case "hour": return .hour
    default:
      throw TemplateFault(
        "there is no {\(name)}: use account, region, action, actor, date, year, month, day, hour "
          + "or a JSON Pointer")
    }
  }
}

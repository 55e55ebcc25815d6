internal import Bytes
package import JSONText
package import Settings

/// What became of a key.
public enum KeyChangeKind: String, CaseIterable, Comparable, Sendable {
  /// It was made.
  case create
  /// Something about it was changed.
  case update
  /// It was taken away.
  case delete

  /// In the order in which changes at the same moment are applied.
  public static func < (left: KeyChangeKind, right: KeyChangeKind) -> Bool {
    left.ordinal < right.ordinal
  }

  private var ordinal: Int {
    switch self {
    case .create: 0
    case .update: 1
    case .delete: 2
    }
  }
}

/// How an event tells that a key was changed, and where it keeps what.
public struct KeyChangeRule: Sendable {
  /// For which events it is.
  let condition: Condition
  /// What became of the key.
  let kind: KeyChangeKind
  /// Where the key's id is.
  let id: [JSONPointer]
  /// Where the event says what holds from now on.
  let values: [KeyField: [JSONPointer]]
  /// Where it says what held before.
  let old: [KeyField: [JSONPointer]]

  /// What a change can tell about a key, in the order in which rows have it.
  static let fields: [KeyField] = [
    .name, .type, .owner, .scopes, .allowList, .effectiveScope, .roles, .expiresAt,
  ]

  init(_ settings: Settings, _ table: inout PointerTable) throws(SettingsError) {
    guard let when = try settings.object("when") else {
      throw settings.error("when", "is missing: say for which events the rule is")
    }
    condition = try Condition(when, &table)
    try when.finish()
    kind = try settings.choice("change", default: nil)
    id = try KeyChangeRule.pointers(settings, "id")
    guard !id.isEmpty else { throw settings.error("id", "needs a pointer to the key's id") }
    values = try KeyChangeRule.places(settings)
    old =
      try settings.object("old").map { (old) throws(SettingsError) in
        let places = try KeyChangeRule.places(old)
        try old.finish()
        return places
      } ?? [:]
    try settings.finish()
  }

  private static func places(
    _ settings: Settings
  ) throws(SettingsError) -> [KeyField: [JSONPointer]] {
    var places: [KeyField: [JSONPointer]] = [:]
    for field in fields where settings.has(field.rawValue) {
      places[field] = try pointers(settings, field.rawValue)
    }
    return places
  }

  private static func pointers(
    _ settings: Settings, _ key: String
  ) throws(SettingsError) -> [JSONPointer] {
    var pointers: [JSONPointer] = []
    for text in try settings.strings(key, default: []) {
      let pointer = try settings.pointer(text, of: key)
      guard !KeyFields.mentionsSecret(pointer) else {
        throw settings.error(key, "points to a secret: no part of it may be copied")
      }
      pointers.append(pointer)
    }
    return pointers
  }
}

/// The rules by which changes of keys are found; of those that hold for an event the first counts.
public struct KeyChangeRules: Sendable {
  /// The rules, in the order in which they are tried.
  public internal(set) var rules: [KeyChangeRule] = []
  /// Forms of times that the vendor has inside of events, beside those that are always read; nil for none.
  let vendorTimes: TimeFormats?

  /// Built-in rules by dialect, in the form in which a file has them.
  public static let builtIn: [String: String] = [
    "coder": Coder.keyChanges, "spacelift": Spacelift.keyChanges,
  ]

  /// The rules of `file`, a document such as `{ rules: [{ when: …, change: "create", id: "/id" }] }`,
  /// and behind them those that are built in for `dialect`.
  package init(
    file: JSON5Value?, dialect: String?, table: inout PointerTable
  ) throws(SettingsError) {
    vendorTimes = LearnedTime.vendorTimes(of: dialect)
    try RuleFile.read(file, dialect.flatMap { KeyChangeRules.builtIn[$0] }, dialect) {
      (settings) throws(SettingsError) in
      rules.append(try KeyChangeRule(settings, &table))
    }
  }
}

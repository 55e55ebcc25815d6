/// Reads an object of a definition by type, and remembers which keys it was asked for, so that
/// `finish` can refuse the others.
///
/// A member that is `null` counts as left out, but for `percent`, where it means no limit, and for who asks
/// with `written`.
///
///     let settings = try Settings(value, what: "stage \"resolve_keys\"")
///     directory = try settings.string("directory")
///     detail = try settings.choice("detail", default: Detail.summary)
///     try settings.finish()
package final class Settings {
  /// What the object is, for messages.
  package let what: String
  /// Where it begins.
  package let position: SourcePosition
  private let members: [JSON5Value.Member]
  private var asked: [String] = []
  private var handedOut: [Settings] = []
  /// Whether values are kept out of messages.
  private(set) var hidesValues = false

  /// Reads `value`, which has to be an object. `what` names it in messages: `stage "deduplicate"`.
  package init(_ value: JSON5Value, what: String) throws(SettingsError) {
    guard case .object(let members) = value.content else {
      throw value.position.error("\(what) must be an object, found \(value.kind)")
    }
    self.what = what
    self.position = value.position
    self.members = members
  }

  /// Keeps values out of messages, here and in all objects that are read through this one: a secret that
  /// stands in a wrong place is not for the log.
  package func hideValues() { hidesValues = true }

  // MARK: Any value

  /// Whether a member is given. The key counts as asked for.
  package func has(_ key: String) -> Bool { value(key) != nil }

  /// A member's value; nil if it is left out. The key counts as asked for.
  package func value(_ key: String) -> JSON5Value? {
    guard let value = written(key), value.content != .null else { return nil }
    return value
  }

  /// A member's value as it is written, `null` too; nil if the key is not there. The key counts as asked for.
  package func written(_ key: String) -> JSON5Value? { member(key)?.value }

  /// Where a member's value is; where the object is if the key is not there.
  package func position(of key: String) -> SourcePosition {
    members.first { $0.key == key }?.value.position ?? position
  }

  /// An error about a member, at its value.
  package func error(_ key: String, _ message: String) -> SettingsError {
    position(of: key).error("\"\(key)\" \(message)")
  }

  /// Refuses keys that nobody asked for, here and in all objects that were read through this one.
  /// To be called when everything has been read.
  package func finish() throws(SettingsError) {
    for member in members where !asked.contains(member.key) {
      if let meant = nearest(member.key, in: asked) {
        let key = PlainName.shown(member.key, like: meant)
        throw member.position.error("unknown key\(key): did you mean \"\(meant)\"?")
      }
      let key = hidesValues ? "" : PlainName.shown(member.key)
      let hint = asked.isEmpty ? "takes none" : "takes \(Self.list(asked))"
      throw member.position.error("unknown key\(key): \(what) \(hint)")
    }
    for settings in handedOut { try settings.finish() }
  }

  private func member(_ key: String) -> JSON5Value.Member? {
    if !asked.contains(key) { asked.append(key) }
    return members.first { $0.key == key }
  }

  private func missing(_ key: String) -> SettingsError {
    let others = members.filter { !asked.contains($0.key) }
    if let meant = nearest(key, in: others.map(\.key)),
      let other = others.first(where: { $0.key == meant })
    {
      let shown = PlainName.shown(meant, like: key)
      return other.position.error("unknown key\(shown): did you mean \"\(key)\"?")
    }
    return position.error("\(what) needs \"\(key)\"")
  }

  private func unexpected(_ key: String, _ expected: String, _ value: JSON5Value) -> SettingsError {
    value.position.error(
      "\"\(key)\" must be \(expected), found \(hidesValues ? value.kind : value.shown)")
  }

  private static func list(_ names: [String]) -> String {
    names.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  /// `read` of the member; `fallback` if it is left out; an error if there is neither or nil is
  /// read.
  private func read<Result>(
    _ key: String, _ fallback: Result?, _ expected: String, _ read: (JSON5Value) -> Result?
  ) throws(SettingsError) -> Result {
    guard let value = value(key) else {
      if let fallback { return fallback }
      throw missing(key)
    }
    guard let result = read(value) else { throw unexpected(key, expected, value) }
    return result
  }

  private func readOptional<Result>(
    _ key: String, _ expected: String, _ read: (JSON5Value) -> Result?
  ) throws(SettingsError) -> Result? {
    value(key) == nil ? nil : try self.read(key, nil, expected, read)
  }

  // MARK: Plain values

  /// A string; an error if it is left out and there is no default.
  package func string(_ key: String, default fallback: String? = nil) throws(SettingsError)
    -> String
  {
    try read(key, fallback, "a string", \.string)
  }

  /// A string, or nil.
  package func optionalString(_ key: String) throws(SettingsError) -> String? {
    try readOptional(key, "a string", \.string)
  }

  /// A boolean; an error if it is left out and there is no default.
  package func bool(_ key: String, default fallback: Bool? = nil) throws(SettingsError) -> Bool {
    try read(key, fallback, "true or false") {
      if case .bool(let value) = $0.content { value } else { nil }
    }
  }

  /// A whole number in `range`; an error if it is left out and there is no default.
  package func int(
    _ key: String, default fallback: Int? = nil, range: ClosedRange<Int>
  ) throws(SettingsError) -> Int {
    try read(key, fallback, Self.expected("a whole number", range)) { Self.int($0, range) }
  }

  /// A whole number in `range`, or nil.
  package func optionalInt(_ key: String, range: ClosedRange<Int>) throws(SettingsError) -> Int? {
    try readOptional(key, Self.expected("a whole number", range)) { Self.int($0, range) }
  }

  private static func int(_ value: JSON5Value, _ range: ClosedRange<Int>) -> Int? {
    guard case .number(let number) = value.content, let int = number.int, range.contains(int) else {
      return nil
    }
    return int
  }

  private static func expected(_ noun: String, _ range: ClosedRange<Int>) -> String {
    if range == 0...Int.max { return noun }
    if range.lowerBound == range.upperBound { return "\(range.lowerBound)" }
    if range.upperBound == .max { return "\(noun) from \(range.lowerBound) on" }
    return "\(noun) from \(range.lowerBound) to \(range.upperBound)"
  }

  // MARK: Values with units

  /// A size in bytes: `"16MiB"`, `"512 KiB"`, or a number of bytes.
  package func size(
    _ key: String, default fallback: Int? = nil, range: ClosedRange<Int> = 0...Int.max
  ) throws(SettingsError) -> Int {
    let noun = "a size such as \"16MiB\" (KiB, MiB or GiB; bytes without a unit)"
    return try read(key, fallback, Self.expected(noun, range)) {
      guard let text = $0.string else { return Self.int($0, range) }
      return Units.bytes(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A duration in seconds: `"60s"`, `"5m"`, `"2h"`, `"7d"`. The unit is required.
  package func duration(
    _ key: String, default fallback: Int? = nil, range: ClosedRange<Int> = 0...Int.max
  ) throws(SettingsError) -> Int {
    let noun = "a duration such as \"60s\" (s, m, h or d)"
    let bounded = range == 0...Int.max ? noun : Self.expected(noun, range) + " seconds"
    return try read(key, fallback, bounded) {
      $0.string.flatMap(Units.seconds).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A share of the records, `"1%"`, a number of records, or `null` for no limit.
  package func percent(_ key: String, default fallback: Limit? = nil) throws(SettingsError) -> Limit
  {
    if written(key)?.content == .null { return .none }
    return try read(key, fallback, "a share such as \"1%\", a number of records, or null") {
      $0.string.map(Units.limit) ?? Self.int($0, 0...Int.max).map { .count($0) }
    }
  }

  /// A number from 1 on, or `null` for no limit, which is nil.
  package func count(_ key: String, default fallback: Int) throws(SettingsError) -> Int? {
    if written(key)?.content == .null { return nil }
    return try read(key, fallback, "a number from 1 on, or null") { Self.int($0, 1...Int.max) }
  }

  // MARK: Words

  /// One of the raw values of `Choice`; the error lists them.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Choice? = nil
  ) throws(SettingsError) -> Choice where Choice.RawValue == String {
    let allowed = Choice.allCases.map(\.rawValue)
    guard let value = value(key) else {
      if let fallback { return fallback }
      throw missing(key)
    }
    if let choice = value.string.flatMap(Choice.init(rawValue:)) { return choice }
    let hint = value.string.flatMap { nearest($0, in: allowed) }
    let question = hint.map { ": did you mean \"\($0)\"?" } ?? ""
    throw unexpected(key, "one of \(Self.list(allowed))", value).appending(question)
  }

  /// The strings of an array; a string by itself is an array of one.
  package func strings(
    _ key: String, default fallback: [String]? = nil
  ) throws(SettingsError) -> [String] {
    guard let value = value(key), case .array(let elements) = value.content else {
      return try read(key, fallback, "a string or an array of strings") { $0.string.map { [$0] } }
    }
    var strings: [String] = []
    for element in elements {
      guard let string = element.string else {
        throw unexpected(key, "an array of strings", element)
      }
      strings.append(string)
    }
    return strings
  }

  /// The strings of an array, or a string by itself; nil if it is left out, which an empty array is not.
  package func optionalStrings(_ key: String) throws(SettingsError) -> [String]? {
    has(key) ? try strings(key) : nil
  }

  /// True if the value is an array without elements: a condition that holds for nobody.
  package func isEmptyArray(_ key: String) -> Bool { value(key)?.content == .array([]) }

  // MARK: Objects

  /// The object at a key; nil if it is left out.
  package func object(_ key: String) throws(SettingsError) -> Settings? {
    guard let value = value(key) else { return nil }
    return try handOut(value, what: "\"\(key)\"")
  }

  /// The objects of an array; none if it is left out.
  package func objects(_ key: String) throws(SettingsError) -> [Settings] {
    guard let value = value(key) else { return [] }
    guard case .array(let elements) = value.content else {
      // Not what it says: a secret that was put in the wrong place is not for the log.
      throw value.position.error("\"\(key)\" must be an array of objects, found \(value.kind)")
    }
    var objects: [Settings] = []
    for element in elements {
      objects.append(try handOut(element, what: "an element of \"\(key)\""))
    }
    return objects
  }

  private func handOut(_ value: JSON5Value, what: String) throws(SettingsError) -> Settings {
    let settings = try Settings(value, what: what)
    settings.hidesValues = hidesValues
    handedOut.append(settings)
    return settings
  }
}

extension JSON5Value {
  /// What the value is, and its text if that is short, for messages.
  fileprivate var shown: String {
    switch content {
    case .string where isFromEnvironment: kind
    case .string(let text) where text.unicodeScalars.count <= 40: "\"\(text)\""
    case .number(let number) where number.text.unicodeScalars.count <= 40: number.text
    case .bool(let value): "\(value)"
    default: kind
    }
  }
}

extension SettingsError {
  fileprivate func appending(_ text: String) -> SettingsError {
    SettingsError(file: file, line: line, column: column, message: message + text)
  }
}

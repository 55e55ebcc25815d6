internal import Bytes
internal import JSONText

/// What a key may do, and whether a change lets it do more.
public enum KeyReach {
  /// True if the scopes or the allow list grew, compared with what the event says held before, or else with
  /// the version that `directory` has of the time before. False where nobody knows what held before.
  ///
  /// An allow list that is gone or empty restricts nothing any more.
  public static func grew(_ change: KeyChange, _ directory: KeyDirectory?) -> Bool {
    var known: [EventValues.Found?]?
    func before(_ field: KeyField, _ place: Int) -> [[UInt8]]? {
      if case .text(let text) = change.old[field] { return elements(text) }
      let members = known ?? KeyReach.known(change, directory)
      known = members
      return members[place].flatMap { elements($0.text) }
    }
    if case .text(let text) = change.values[.scopes], let old = before(.scopes, 0),
      let new = elements(text), !new.allSatisfy({ scope in old.contains { covers($0, scope) } })
    {
      return true
    }
    guard let value = change.values[.allowList], let old = before(.allowList, 1), !old.isEmpty
    else { return false }
    guard case .text(let text) = value, let new = elements(text) else { return value == .gone }
    return new.isEmpty || !new.allSatisfy { item in old.contains { admits($0, item) } }
  }

  /// Scopes and allow list of the version before the change.
  private static func known(
    _ change: KeyChange, _ directory: KeyDirectory?
  ) -> [EventValues.Found?] {
    guard let directory, change.time > .min else { return [nil, nil] }
    let found = change.id.withUnsafeBufferPointer { id in
      directory.find(id, name: ByteView(start: nil, count: 0), at: change.time - 1)
    }
    guard let found, found.hasVersion else { return [nil, nil] }
    var text = ByteBuffer()
    directory.append(found, .full, to: &text)
    return EventValues.members(["scopes", "allow_list"], of: text.bytes)
  }

  /// The elements of an array, or the words of a string: strings as they are, an object with `type` and `id`
  /// as `type:id`. Nil if it is neither.
  private static func elements(_ text: [UInt8]) -> [[UInt8]]? {
    switch text.first {
    case UInt8(ascii: "\""):
      let words = EventValues.Found(kind: .string, text: text).scalar ?? []
      return words.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }.map(Array.init)
    case UInt8(ascii: "["): return text.withUnsafeBufferPointer { elements(ofArray: $0) }
    default: return nil
    }
  }

  private static func elements(ofArray text: ByteView) -> [[UInt8]]? {
    var elements: [[UInt8]] = []
    let scan = Scanner(.everyElement).collect(text) { match in
      let field = match.field
      elements.append(element(field.kind, Array(text[Int(field.start)..<field.span.end])))
    }
    return scan.fault == .none ? elements : nil
  }

  private static func element(_ kind: ValueKind, _ text: [UInt8]) -> [UInt8] {
    guard kind == .object else {
      return EventValues.Found(kind: kind, text: text).scalar ?? text
    }
    let members = EventValues.members(["type", "id"], of: text)
    guard let type = members[0]?.scalar, let id = members[1]?.scalar else { return text }
    return type + [UInt8(ascii: ":")] + id
  }

  /// Whether one scope holds another: it is the same, it is all there is, or it ends with `:*`.
  private static func covers(_ scope: [UInt8], _ other: [UInt8]) -> Bool {
    if scope == other { return true }
    for all in ["*", "all", "coder:all"] where scope.elementsEqual(all.utf8) { return true }
    return scope.suffix(2).elementsEqual(":*".utf8) && other.starts(with: scope.dropLast())
  }

  /// Whether an item of an allow list holds another; `*` stands for any type or id.
  private static func admits(_ item: [UInt8], _ other: [UInt8]) -> Bool {
    if item == other || item.elementsEqual("*".utf8) { return true }
    let (mine, others) = (halves(item), halves(other))
    return zip(mine, others).allSatisfy { $0 == $1 || $0.elementsEqual("*".utf8) }
      && mine.count == others.count
  }

  private static func halves(_ item: [UInt8]) -> [[UInt8]] {
    item.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      .map(Array.init)
  }
}

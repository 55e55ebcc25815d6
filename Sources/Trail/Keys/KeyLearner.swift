internal import Engine
public import Bytes
internal import JSONText

/// What held about a key from one moment to another: a row of a key directory.
public struct KeyVersion: Sendable {
  /// The key.
  public var id: [UInt8]
  /// Fields as JSON text.
  public var values: [KeyField: [UInt8]]
  /// From when on, in microseconds since 1970; nil if nobody knows.
  public var validFrom: Int64?
  /// Until when, exclusive; nil if it still holds.
  public var validTo: Int64?
  /// When the key was deleted.
  public var deletedAt: Int64?
  /// The event that it is known from.
  public var learnedFrom: KeyChange.Source
  /// The event that the deletion is known from.
  public var deletedIn: KeyChange.Source?

  /// Appends the row, a JSON object without a line feed, with members that `KeyFields.standard` knows.
  public func append(to buffer: inout ByteBuffer) {
    buffer.append("{\"id\":")
    id.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &buffer) }
    for field in KeyChangeRule.fields {
      guard let value = values[field] else { continue }
      buffer.append(utf8: ",\"\(field.rawValue)\":")
      buffer.append(value)
    }
    LearnedTime.append("valid_from", validFrom, to: &buffer)
    LearnedTime.append("valid_to", validTo, to: &buffer)
    LearnedTime.append("deleted_at", deletedAt, to: &buffer)
    learnedFrom.append("learned_from", to: &buffer)
    deletedIn?.append("deleted_in", to: &buffer)
    buffer.append(UInt8(ascii: "}"))
  }
}

/// Builds a versioned key directory from the changes that a trail tells.
///
/// The order in which changes are taken in does not matter: they are applied by time, and those of
/// the same moment as creations, updates, deletions, among these by what they say, then by where they
/// stand. Of changes that say the same at the same time (the same event twice) the first is named.
public struct KeyLearner: Sendable {
  private var changes: [KeyChange] = []

  /// Nothing learned yet.
  public init() {}

  /// Changes that were taken in.
  public var changeCount: Int { changes.count }

  /// Takes in a change.
  public mutating func add(_ change: KeyChange) { changes.append(change) }

  /// The versions of all keys, by id and then by time.
  public consuming func finish() -> [KeyVersion] {
    var order = changes.map { (change: $0, content: $0.content) }
    order.sort { KeyLearner.precedes($0, $1) }
    var versions: [KeyVersion] = []
    var history = KeyHistory()
    for (change, _) in order {
      if change.id != history.id {
        versions += history.versions
        history = KeyHistory(id: change.id)
      }
      history.apply(change)
    }
    return versions + history.versions
  }

  private static func precedes(
    _ left: (change: KeyChange, content: [UInt8]), _ right: (change: KeyChange, content: [UInt8])
  ) -> Bool {
    let (a, b) = (left.change, right.change)
    if a.id != b.id { return a.id.lexicographicallyPrecedes(b.id) }
    if a.time != b.time { return a.time < b.time }
    if a.kind != b.kind { return a.kind < b.kind }
    if left.content != right.content {
      return left.content.lexicographicallyPrecedes(right.content)
    }
    let (x, y) = (a.source, b.source)
    if !x.file.utf8.elementsEqual(y.file.utf8) {
      return x.file.utf8.lexicographicallyPrecedes(y.file.utf8)
    }
    return (x.record, x.offset) < (y.record, y.offset)
  }
}

/// The versions of one key while its changes are applied, in their order.
private struct KeyHistory {
  let id: [UInt8]
  private(set) var versions: [KeyVersion] = []

  init(id: [UInt8] = []) { self.id = id }

  mutating func apply(_ change: KeyChange) {
    switch change.kind {
    case .create: create(change)
    case .update: update(change)
    case .delete: delete(change)
    }
  }

  private mutating func create(_ change: KeyChange) {
    // The same event twice, or two creations at once: one version, of what both say.
    if let last = versions.last, last.validFrom == change.time, last.deletedAt == nil {
      return self.change(last, by: change)
    }
    open(values: KeyHistory.told(change.values, over: [:]), change)
  }

  private mutating func update(_ change: KeyChange) {
    guard let last = versions.last else {
      let before = KeyHistory.told(change.old, over: [:])
      if !before.isEmpty {
        versions.append(
          KeyVersion(id: id, values: before, validTo: change.time, learnedFrom: change.source))
      }
      return open(
        values: KeyHistory.told(change.values, over: before), change, closesLast: false)
    }
    self.change(last, by: change)
  }

  /// Sets what `change` says over what holds; a version of its own only where that is something new,
  /// and begins at another time.
  private mutating func change(_ last: KeyVersion, by change: KeyChange) {
    let values = KeyHistory.told(change.values, over: last.values)
    guard values != last.values else { return }
    if last.validFrom == change.time {
      versions[versions.count - 1].values = values
      versions[versions.count - 1].learnedFrom = change.source
    } else {
      open(values: values, change)
      versions[versions.count - 1].deletedAt = last.deletedAt
      versions[versions.count - 1].deletedIn = last.deletedIn
    }
  }

  private mutating func delete(_ change: KeyChange) {
    if versions.isEmpty {
      // What is told of a key that goes is what held until then.
      let values = KeyHistory.told(
        change.old, over: KeyHistory.told(change.values, over: [:]))
      versions.append(KeyVersion(id: id, values: values, learnedFrom: change.source))
    }
    guard versions[versions.count - 1].deletedAt == nil else { return }
    versions[versions.count - 1].deletedAt = change.time
    versions[versions.count - 1].deletedIn = change.source
  }

  private mutating func open(
    values: [KeyField: [UInt8]], _ change: KeyChange, closesLast: Bool = true
  ) {
    if closesLast, !versions.isEmpty { close(at: change.time) }
    versions.append(
      KeyVersion(id: id, values: values, validFrom: change.time, learnedFrom: change.source))
  }

  /// Ends the last version; one that would have no time at all was none.
  private mutating func close(at time: Int64) {
    if versions[versions.count - 1].validFrom == time {
      versions.removeLast()
    } else {
      versions[versions.count - 1].validTo = time
    }
  }

  private static func told(
    _ told: [KeyField: KeyChange.Value], over known: [KeyField: [UInt8]]
  ) -> [KeyField: [UInt8]] {
    var values = known
    for (field, value) in told {
      switch value {
      case .text(let text): values[field] = text
      case .gone: values[field] = nil
      }
    }
    return values
  }
}

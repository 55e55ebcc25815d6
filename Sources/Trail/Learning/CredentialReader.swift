internal import Bytes
public import Engine
internal import JSONText

/// What came of an event that issues a credential.
public struct CredentialReading: Sendable {
  /// A row of a claim store; nil if the event cannot be used.
  public var row: LearnedRow?
  /// The event.
  public var source: LearnedFrom
  /// What is wrong.
  public var problems: [LearningProblem] = []
}

/// Limits on what is learned of a credential: who can ask for one chooses what much of it is called.
public enum CredentialLimits {
  /// Longest id, in bytes.
  public static let longestID = 1 << 10
  /// Longest value of a claim, in bytes of its JSON text.
  public static let longestValue = 1 << 14
}

/// Reads what the events that issue a credential tell about it.
public final class CredentialReader {
  let rules: CredentialRules
  private let dialect: BoundDialect
  private let times: LearnedTime
  /// An event without the secrets that can be told by their shape; and as it is, for ids.
  private let event: EventValues
  private let original: EventValues
  private var hasSecrets = false
  private var secrets = SecretText(SecretPlan())
  private var tokens = TokenText()
  private(set) var problems: [LearningProblem] = []

  /// A reader for events that a dialect and rules have reserved slots for.
  public init(_ rules: CredentialRules, _ dialect: BoundDialect) {
    self.rules = rules
    self.dialect = dialect
    times = LearnedTime(dialect: dialect, vendorTimes: rules.vendorTimes)
    let pointers = rules.rules.flatMap(\.pointers)
    event = EventValues(pointers)
    original = EventValues(pointers)
  }

  /// Reads record `index`, number `record` of the input `file`; nil if it issues no credential. A row of an
  /// event that is not `isVerified` says so.
  public func read(
    _ batch: Batch, _ index: Int, file: String, record: Int, isVerified: Bool
  ) -> CredentialReading? {
    guard let (rule, source) = begin(batch, index, file: file, record: record) else { return nil }
    let row = row(rule, at: source.time, isVerified: isVerified)
    return CredentialReading(row: row, source: source, problems: problems)
  }

  /// Takes in an event; the first rule that holds for it, nil if none does, and where it stands.
  func begin(
    _ batch: Batch, _ index: Int, file: String, record: Int
  ) -> (rule: CredentialRule, source: LearnedFrom)? {
    guard let rule = rules.rules.first(where: { $0.condition.holds(batch, index) }) else {
      return nil
    }
    problems = []
    load(batch.bytes[batch.records[index].body])
    let action = dialect.scalar(.action, batch, index).map { Array(batch.bytes[$0]) } ?? []
    let source = LearnedFrom(
      file: file, record: record,
      offset: batch.inputOffset + Int(batch.records[index].raw.start), action: action,
      time: batch.records[index].time)
    return (rule, source)
  }

  /// Takes in an event, without secrets: what is learned is kept.
  private func load(_ body: ByteView) {
    hasSecrets = secrets.find(in: body)
    guard hasSecrets else { return event.load(body: body) }
    original.load(body: body)
    var rest = ByteBuffer(capacity: body.count)
    secrets.append(body, to: &rest)
    event.load(body: rest.view)
  }

  func note(_ reason: String, isPartial: Bool = false) {
    problems.append(LearningProblem(reason: reason, isPartial: isPartial))
  }

  /// No UTF-8, and so no id.
  private static let unknownID: [UInt8] = [0xFF]

  // MARK: Rows

  private func row(_ rule: CredentialRule, at time: Int64, isVerified: Bool) -> LearnedRow? {
    guard let key = id(rule.key, "key") else {
      if problems.isEmpty { note("it does not say which credential") }
      return nil
    }
    let token = id(rule.token, "token")
    let run = id(rule.run, "run")
    if token == nil, !rule.token.isEmpty || run == nil && !rule.run.isEmpty {
      if problems.isEmpty { note("it does not say which credential") }
      return nil
    }
    let issuedAt = self.time(rule.issuedAt, "issued_at") ?? (time == Record.noTime ? nil : time)
    guard let issuedAt else {
      note("it has no usable time")
      return nil
    }
    var row = ByteBuffer(capacity: 512)
    row.append("{\"key_id\":")
    append(key, to: &row)
    if let token {
      row.append(",\"token_id\":")
      append(token, to: &row)
    }
    if let run {
      row.append(",\"run_id\":")
      append(run, to: &row)
    }
    LearnedTime.append("iat", issuedAt, to: &row)
    let identity = row.count
    LearnedTime.append(
      "exp", end(rule.expiresAt, rule.lasts, issuedAt, "expires_at", "lasts"), to: &row)
    LearnedTime.append(
      "session_expires_at",
      end(rule.sessionExpiresAt, rule.session, issuedAt, "session_expires_at", "session"), to: &row)
    appendClaims(rule, to: &row)
    let rank = appendVia(rule.via, to: &row) + (isVerified ? 4 : 0)
    appendPlaces(rule, to: &row)
    if !isVerified { row.append(",\"unverified\":true") }
    return LearnedRow(text: row.bytes, identity: identity, rank: rank)
  }

  private func append(_ text: [UInt8], to row: inout ByteBuffer) {
    text.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &row) }
  }

  /// The first of several ids that is there. One that is a token is never copied.
  func id(_ values: [LearnedValue], _ what: String) -> [UInt8]? {
    for value in values {
      guard let text = value.text(event) else { continue }
      let whole = hasSecrets ? value.text(original) ?? text : text
      guard let id = name(text, whole) else {
        note("of the \(what)'s id, a token, only the header is left: nothing tells it from others")
        return nil
      }
      guard id.count <= CredentialLimits.longestID else {
        note("the \(what)'s id is longer than \(CredentialLimits.longestID) bytes (longest_id)")
        return nil
      }
      return id
    }
    return nil
  }

  /// What the id `text` goes by, which was `whole` before secrets were cut; nil if nothing tells which it is.
  private func name(_ text: [UInt8], _ whole: [UInt8]) -> [UInt8]? {
    let name = whole.withUnsafeBufferPointer { TokenName(of: $0, &tokens) }
    if case .plain = name { return text }
    return name.identity(of: whole)
  }

  private func appendClaims(_ rule: CredentialRule, to row: inout ByteBuffer) {
    row.append(",\"claims\":{")
    var isFirst = true
    var text = ByteBuffer()
    for (name, values) in rule.claims {
      text.removeAll()
      guard values.contains(where: { append($0, name, to: &text) }) else { continue }
      if !isFirst { row.append(UInt8(ascii: ",")) }
      isFirst = false
      JSONString.append(quoting: name, to: &row)
      row.append(UInt8(ascii: ":"))
      row.append(text.view)
    }
    row.append("}")
  }

  /// Appends what a claim is; false if it is not there. Of an object or array in which something gives access
  /// nothing is taken.
  private func append(_ value: LearnedValue, _ name: String, to text: inout ByteBuffer) -> Bool {
    if let pointer = value.whole, let found = event.value(pointer), found.kind != .string {
      let isSecret = found.text.withUnsafeBufferPointer { text in
        CompactJSON.hasMember(text) { LearnedSecrets.isHeld(by: $0) }
      }
      guard !isSecret else {
        note("its \(name) has a secret in it, and is left out", isPartial: true)
        return false
      }
      found.text.withUnsafeBufferPointer { CompactJSON.append($0, to: &text) }
    } else if let plain = value.text(event) {
      append(plain, to: &text)
    } else {
      return false
    }
    guard text.count <= CredentialLimits.longestValue else {
      text.removeAll()
      note(
        "its \(name) is longer than \(CredentialLimits.longestValue) bytes (longest_value), and left out",
        isPartial: true)
      return false
    }
    return true
  }

  /// Appends who asked; how much that says: 3 a token, 2 a key, 1 an actor, 0 nothing. A key or a token whose
  /// id cannot be used is one that no store knows: what is left would be taken for the root.
  private func appendVia(_ via: CredentialRule.Asker, to row: inout ByteBuffer) -> Int {
    let told = problems.count
    var key = id(via.key, "asking key")
    var token = key == nil ? nil : id(via.token, "asking token")
    if problems.count > told {
      let unknown = CredentialReader.unknownID.withUnsafeBufferPointer { TokenDigest.text(of: $0) }
      if key == nil { key = unknown }
      token = token ?? unknown
    }
    let members = [("key_id", key), ("token_id", token), ("actor", id(via.actor, "asking actor"))]
      .compactMap { name, id in id.map { (name, $0) } }
    guard !members.isEmpty else { return 0 }
    row.append(",\"via\":{")
    for (number, (name, id)) in members.enumerated() {
      if number > 0 { row.append(UInt8(ascii: ",")) }
      JSONString.append(quoting: name, to: &row)
      row.append(UInt8(ascii: ":"))
      append(id, to: &row)
    }
    row.append("}")
    return token != nil ? 3 : key != nil ? 2 : 1
  }

  /// What stands at a place that is the same in other events; nil if that is not known to the letter.
  private func value(ofPlace place: JSONPointer) -> [UInt8]? {
    guard let value = event.value(place)?.scalar, value.count <= CredentialLimits.longestID,
      !hasSecrets || original.value(place)?.scalar == value
    else { return nil }
    return value
  }

  /// Appends what is the same in each event, as a member behind others.
  func appendPlaces(_ rule: CredentialRule, to row: inout ByteBuffer) {
    guard !rule.places.isEmpty else { return }
    var isFirst = true
    for place in rule.places {
      guard let value = value(ofPlace: place) else { continue }
      row.append(isFirst ? ",\"where\":{" : ",")
      isFirst = false
      JSONString.append(quoting: place.description, to: &row)
      row.append(UInt8(ascii: ":"))
      append(value, to: &row)
    }
    if !isFirst { row.append("}") }
  }

  // MARK: Times

  /// The first of several times that is there, in microseconds since 1970; nil if there is none.
  func time(_ pointers: [JSONPointer], _ name: String) -> Int64? {
    for pointer in pointers {
      guard let found = event.value(pointer) else { continue }
      switch times.bound(found) {
      case .time(let time), .timeOrBeyond(let time): return time.microseconds
      case .zero, .firstYear, .lastYear: continue
      case nil:
        note(
          "its \(name) is no time that can be read, and left out: \(found.shown)", isPartial: true)
      }
    }
    return nil
  }

  /// When something ends that begins at `start`: at a time, or after so long.
  func end(
    _ pointers: [JSONPointer], _ length: CredentialRule.Length?, _ start: Int64, _ name: String,
    _ lengthName: String
  ) -> Int64? {
    if let time = time(pointers, name) { return time }
    switch length {
    case nil: return nil
    case .seconds(let seconds): return start.saturating(plus: Int64(seconds) * 1_000_000)
    case .pointers(let pointers):
      for pointer in pointers {
        guard let found = event.value(pointer) else { continue }
        let digits = String(decoding: found.scalar ?? [], as: UTF8.self)
        guard let seconds = Int64(digits), (1...Int64(CredentialRule.longest)).contains(seconds)
        else {
          note("its \(lengthName) is no number of seconds, and left out", isPartial: true)
          continue
        }
        return start.saturating(plus: seconds * 1_000_000)
      }
      return nil
    }
  }
}

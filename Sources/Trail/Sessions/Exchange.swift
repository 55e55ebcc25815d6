internal import Bytes
public import Engine

/// An event in which a token was exchanged for a session.
public struct Exchange: Sendable {
  /// The key whose token it was.
  var key: [UInt8]
  /// The token and its key, where the event names it.
  var token: (key: [UInt8], id: [UInt8])?
  /// When, in microseconds since 1970.
  var time: Int64
  /// When the session ends, in microseconds since 1970; nil if that is not known.
  var end: Int64?
  /// What is the same in each event of the session, as a member of a row behind others; empty for nothing.
  var places: [UInt8]
  /// True if the event is the vendor's word.
  var isVerified: Bool
}

/// What came of an event in which a token was exchanged.
public struct ExchangeReading: Sendable {
  /// The exchange; nil if the event cannot be used.
  public var exchange: Exchange?
  /// The event.
  public var source: LearnedFrom
  /// What is wrong.
  public var problems: [LearningProblem]
}

extension CredentialReader {
  /// Reads record `index`, number `record` of the input `file`; nil if nothing was exchanged.
  public func readExchange(
    _ batch: Batch, _ index: Int, file: String, record: Int, isVerified: Bool
  ) -> ExchangeReading? {
    guard let (rule, source) = begin(batch, index, file: file, record: record) else { return nil }
    let exchange = exchange(rule, at: source.time, isVerified)
    return ExchangeReading(exchange: exchange, source: source, problems: problems)
  }

  private func exchange(_ rule: CredentialRule, at time: Int64, _ isVerified: Bool) -> Exchange? {
    guard let key = id(rule.key, "key") else {
      if problems.isEmpty { note("it does not say of which key") }
      return nil
    }
    guard let start = self.time(rule.issuedAt, "issued_at") ?? (time == Record.noTime ? nil : time)
    else {
      note("it has no usable time")
      return nil
    }
    let end = end(rule.sessionExpiresAt, rule.session, start, "session_expires_at", "session")
    var token: (key: [UInt8], id: [UInt8])?
    if let of = id(rule.via.key, "token's key"), let id = id(rule.via.token, "token") {
      token = (of, id)
    }
    var places = ByteBuffer()
    appendPlaces(rule, to: &places)
    return Exchange(
      key: key, token: token, time: start, end: end.flatMap { $0 > start ? $0 : nil },
      places: places.bytes, isVerified: isVerified)
  }
}

public import Bytes

/// What becomes of a record.
public enum Verdict: UInt8, Sendable, BitwiseCopyable {
  /// It goes to the output.
  case keep
  /// A re-delivery of what was kept before.
  case duplicate
  /// The definition or the time window does not want it.
  case filtered
  /// It is no record: not JSON, not an object, too long.
  case unreadable
  /// A stage turned it away.
  case refused

  /// True for the two kinds that go to the quarantine.
  @inlinable public var isQuarantined: Bool { self == .unreadable || self == .refused }
}

/// One input item on its way: byte ranges and a verdict, nothing that needs counting or freeing.
@frozen public struct Record: BitwiseCopyable, Sendable {
  /// The bytes as they came in (of a delivery: the whole envelope), in `Batch.bytes`.
  public var raw: Span32
  /// The event up to, not including, its closing brace, in `Batch.bytes`: members that are added
  /// go between the two, and nothing else has to move. Fields count from its start.
  public var body: Span32
  /// The bytes that identify the record, where they are others than body and brace; else empty.
  public var identity: Span32
  /// The digest of what identifies the record, once somebody has taken it: an index into
  /// `Batch.digests`; -1 before.
  public var digest: Int32
  /// The event's own time in microseconds since 1970; `Record.noTime` if it has none.
  public var time: Int64
  /// What becomes of it.
  public var verdict: Verdict
  /// True if the event came in an envelope.
  public var isDelivery: Bool
  /// True if the event is `{}` so far: the first added member takes no comma.
  public var isEmpty: Bool
  /// True if that this is a record was told only by the records that follow.
  public var isResumed: Bool
  /// The step that decided, counted from 0 in the plan; -1 is the intake.
  public var decidedBy: Int16
  /// Why it was turned away: an index into `Batch.reasons`.
  public var reason: Int32
  /// What stages found out, one bit each (`Trail.AttributionFlags`); the engine only carries them.
  public var flags: UInt32

  /// Stands for an event without a usable time.
  public static let noTime = Int64.min

  /// A record that was just framed.
  @inlinable public init(raw: Span32) {
    self.raw = raw
    body = raw
    identity = .empty
    digest = -1
    time = Record.noTime
    verdict = .keep
    isDelivery = false
    isEmpty = false
    isResumed = false
    decidedBy = -1
    reason = -1
    flags = 0
  }
}

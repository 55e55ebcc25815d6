package import JSONText

/// How records stand in an input.
package enum InputFormat: String, CaseIterable, Sendable {
  /// Told value by value: see `MixedWalker`.
  case auto
  /// Lines, each of one complete value or several.
  case ndjson
  /// Values with nothing but white space between them.
  case concatenated
  /// Elements of one array, or of several arrays one after the other.
  case array
}

/// Which records are envelopes with a delivery inside.
package enum EnvelopePolicy: String, CaseIterable, Sendable {
  /// Those that have the form of one and a header of a delivery; where signatures are asked for, all that
  /// have members `headers` and `body`.
  case auto
  /// All; what is none is no record.
  case always
  /// None.
  case never
}

/// What becomes of a record in which an object has the same member twice.
package enum DuplicatePolicy: String, CaseIterable, Sendable {
  /// It is turned away: readers differ in which of the two they take.
  case refuse
  /// It is a record like any other; the last of the two counts.
  case keep
}

/// What a truncated or corrupt compressed input means.
package enum DamagePolicy: String, CaseIterable, Sendable {
  /// The run fails.
  case fail
  /// The records before the damage are taken.
  case salvage
}

/// What an incomplete last line of a file means.
package enum TailPolicy: String, CaseIterable, Sendable {
  /// It is still being written: it is not read yet.
  case wait
  /// It is what is left of a record: it goes to the quarantine.
  case quarantine
}

/// What a definition says about its input.
package struct InputSettings: Sendable {
  /// How records stand in the inputs; no matter where `records` is given.
  package var format = InputFormat.auto
  /// Where records lie in larger documents; a token `*` is any element or member.
  package var records: JSONPointer?
  /// Where a record stands in what a log service has wrapped around it; nil where nothing is.
  package var wrapper: JSONPointer?
  /// Which records are envelopes.
  package var envelope = EnvelopePolicy.auto
  /// Where an envelope, or what is wrapped around it, says when it was received: the first that is there.
  /// Those of AWS are of API Gateway's formats 2 and 1.
  package var receivedAt = [
    JSONPointer(literal: "/received_at"), JSONPointer(literal: "/requestContext/timeEpoch"),
    JSONPointer(literal: "/requestContext/requestTimeEpoch"),
  ]
  /// What becomes of a record in which an object has the same member twice; nil where the output decides.
  package var duplicateMembers: DuplicatePolicy?
  /// True if the input is trailmill's own output, whose added members are recognised and replaced.
  package var own = false
  /// Longest record that is read, in bytes, from 1 to `InputSettings.largestRecord`.
  package var maxRecord = 16 << 20
  /// What damaged compression means.
  package var damaged = DamagePolicy.fail
  /// What an incomplete last line means; nil where the output decides.
  package var tail: TailPolicy?

  /// Bound of `maxRecord`: 256 MiB. Offsets in a batch have 32 bits, and of a record up to seven
  /// copies lie there (of a delivery: without its line breaks, unwrapped, without line breaks, its body
  /// unescaped, decoded, without line breaks), and what is added to it.
  package static let largestRecord = 256 << 20

  /// The settings of a definition that says nothing.
  package init() {}

  /// Bytes of an item that is no record which are held at least, whatever `maxRecord` says: 64 KiB.
  package var leastHeld = 64 << 10

  var heldLimit: Int { max(recordLimit, leastHeld) }

  var recordLimit: Int { min(max(maxRecord, 1), InputSettings.largestRecord) }
}

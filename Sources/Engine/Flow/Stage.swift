/// Looks at each record alone. Any worker may run it on any batch at any time: it is `Sendable`
/// and `process` cannot change it, so the compiler proves what the engine relies on.
public protocol PureStage: Sendable {
  /// Decides about the records of `batch` that are still kept, and adds to them.
  func process(_ batch: Batch, step: Int) throws
}

/// Remembers what it saw. The engine shows it every batch, one at a time, in the order of the input.
public protocol OrderedStage: AnyObject {
  /// As in `PureStage`, but may change the stage.
  func process(_ batch: Batch, step: Int) throws
}

/// One step of a plan. Concurrency follows from the kind of the step and is no setting.
public enum Step {
  /// Runs anywhere.
  case pure(any PureStage)
  /// Runs behind a turnstile.
  case ordered(any OrderedStage)
}

/// Where records come from.
public protocol Source: AnyObject {
  /// Puts the next input bytes into an empty batch; false when there are none left. Called by one
  /// worker at a time. Framing and scanning are the first pure step's work.
  func fill(_ batch: Batch) throws -> Bool
  /// Called from another thread when the run has failed: a `fill` that waits must return soon.
  func cancel()
}

/// Where records go. A batch passes `render` and `encode` on any worker, `admit` and `write` in the
/// order of the input. What a sink decides it decides in `admit`, so that it depends on the input
/// alone; what costs time it does in `render` and `encode`.
public protocol Sink: AnyObject {
  /// What each worker needs.
  func makeAttachment() throws -> any AnyObject & SinkAttachment
  /// Anywhere: makes output text of the batch's records.
  func render(_ batch: Batch) throws
  /// In order: decides what goes where.
  func admit(_ batch: Batch) throws
  /// In order, after the last batch was admitted and until it returns false: gives `batch` (which
  /// holds no records) a share of what is still held back, to be encoded and written.
  func drain(_ batch: Batch) throws -> Bool
  /// Anywhere: compresses what `admit` or `drain` gave to the batch.
  func encode(_ batch: Batch) throws
  /// In order: writes it.
  func write(_ batch: Batch) throws
}

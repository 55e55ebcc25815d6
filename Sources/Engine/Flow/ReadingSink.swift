/// A sink that writes nothing: `admit` takes in what the records tell.
public protocol ReadingSink: Sink {}

private final class NoAttachment: SinkAttachment {}

extension ReadingSink {
  /// Workers need nothing.
  public func makeAttachment() -> any AnyObject & SinkAttachment { NoAttachment() }
  /// Makes no text.
  public func render(_ batch: Batch) {}
  /// Holds nothing back.
  public func drain(_ batch: Batch) -> Bool { false }
  /// Compresses nothing.
  public func encode(_ batch: Batch) {}
  /// Writes nothing.
  public func write(_ batch: Batch) {}
}

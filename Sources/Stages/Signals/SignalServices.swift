package import Bytes

/// What earlier runs have seen of keys and accounts. An archive has it; the stage knows none.
package protocol SignalMemory: AnyObject, Sendable {
  /// The text that the last run left with `remember`; nil if there was none, so that this run learns what is
  /// usual. Asked once, before the first record.
  func recall() throws -> [UInt8]?
  /// The file in which the last run left it; nil if there was none, or nothing has such a file.
  var place: String? { get }
  /// Takes what the next run has to know, in so many lines. Told at most once, behind the last record.
  func remember(_ text: [UInt8], rows: Int) throws
}

/// Where the list of signals goes.
package protocol SignalList: AnyObject, Sendable {
  /// Takes lines of NDJSON, each with its line feed, in the order of the input.
  func take(_ lines: ByteView) throws
  /// The name of input `input`, and how many of its records earlier runs have read.
  func origin(ofInput input: Int) -> (file: String, recordsBefore: Int)
}

extension StageServices {
  /// What earlier runs have seen of keys and accounts; nil where there is no archive.
  package var signalMemory: (any SignalMemory)? {
    get { self[(any SignalMemory).self] }
    set { self[(any SignalMemory).self] = newValue }
  }

  /// Where signals are listed; nil where nobody reads them.
  package var signalList: (any SignalList)? {
    get { self[(any SignalList).self] }
    set { self[(any SignalList).self] = newValue }
  }
}

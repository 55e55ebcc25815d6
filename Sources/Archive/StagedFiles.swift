public import Bytes
public import Codec

/// A part that is written and waits to be published.
public struct StagedPart: Equatable, Sendable {
  /// The number that `StagedRun.partPath` was asked for; given out in order, so that it depends on
  /// the input alone.
  public var index: Int
  /// The partition's folder, relative to the archive.
  public var folder: String
  /// What follows its name: `.ndjson.gz`.
  public var fileExtension: String
  /// Bytes as stored.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256
  /// RFC 6962 root over its records (lines without line feed).
  public var merkleRoot: Digest256
  /// Records in it.
  public var records: Int
  /// The earliest event in it that has a time.
  public var firstTime: Timestamp?
  /// The latest one.
  public var lastTime: Timestamp?

  /// A staged part.
  public init(
    index: Int, folder: String, fileExtension: String = ".ndjson.gz", bytes: Int64,
    sha256: Digest256, merkleRoot: Digest256, records: Int, firstTime: Timestamp? = nil,
    lastTime: Timestamp? = nil
  ) {
    self.index = index
    self.folder = folder
    self.fileExtension = fileExtension
    self.bytes = bytes
    self.sha256 = sha256
    self.merkleRoot = merkleRoot
    self.records = records
    self.firstTime = firstTime
    self.lastTime = lastTime
  }
}

/// A file beside the parts that is written and waits to be published.
public struct StagedFile: Equatable, Sendable {
  /// Bytes as stored.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256
  /// Records, rows or digests in it.
  public var records: Int

  /// A staged file.
  public init(bytes: Int64, sha256: Digest256, records: Int) {
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
  }
}

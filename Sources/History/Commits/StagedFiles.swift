package import Bytes
package import Codec

/// A part that is written and waits to be published.
package struct StagedPart: Equatable, Sendable {
  /// The number that `StagedRun.partPath` was asked for; given out in order, so that it depends on
  /// the input alone.
  package var index: Int
  /// The partition's folder, relative to the archive.
  package var folder: String
  /// How it is compressed, and so what it is called.
  package var format: CompressionFormat
  /// Bytes as stored.
  package var bytes: Int64
  /// Digest of those bytes.
  package var sha256: Digest256
  /// RFC 6962 root over its records (lines without line feed).
  package var merkleRoot: Digest256
  /// Records in it.
  package var records: Int
  /// The earliest event in it that has a time.
  package var firstTime: Timestamp?
  /// The latest one.
  package var lastTime: Timestamp?
  /// The commit whose events they are, if that is another: what it says of added members holds for them.
  package var addedBy: Int?

  /// A staged part.
  package init(
    index: Int, folder: String, format: CompressionFormat = .gzip, bytes: Int64,
    sha256: Digest256, merkleRoot: Digest256, records: Int, firstTime: Timestamp? = nil,
    lastTime: Timestamp? = nil, addedBy: Int? = nil
  ) {
    self.index = index
    self.folder = folder
    self.format = format
    self.bytes = bytes
    self.sha256 = sha256
    self.merkleRoot = merkleRoot
    self.records = records
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.addedBy = addedBy
  }
}

/// A file beside the parts that is written and waits to be published.
package struct StagedFile: Equatable, Sendable {
  /// Bytes as stored.
  package var bytes: Int64
  /// Digest of those bytes.
  package var sha256: Digest256
  /// Records, rows or digests in it.
  package var records: Int
  /// RFC 6962 root over its blocks of 64 KiB, if it ends with their hashes.
  package var blocksRoot: Digest256?
  /// Of digests, the days of their events; nil if nobody knows.
  package var days: EventDays?

  /// A staged file.
  package init(bytes: Int64, sha256: Digest256, records: Int, blocksRoot: Digest256? = nil) {
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
    self.blocksRoot = blocksRoot
  }
}

/// Bytes of the longest files of an archive that are read whole: what is longer is none of ours.
package enum ReadLimit {
  /// A header: 1 MiB.
  package static let header = 1 << 20
  /// Rows, and files that are made like them: 4 GiB.
  package static let rows = 1 << 32
  /// Bytes that are taken into memory before they were compared with what was committed: 16 MiB. Of more, all
  /// is gone through first, a piece at a time.
  package static let unchecked = 16 << 20
}

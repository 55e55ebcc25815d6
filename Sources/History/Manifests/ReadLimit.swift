/// Bytes of the longest files of an archive that are read whole: what is longer is none of ours.
package enum ReadLimit {
  /// A header: 1 MiB.
  package static let header = 1 << 20
  /// Rows, and files that are made like them: 4 GiB.
  package static let rows = 1 << 32
}

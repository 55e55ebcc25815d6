package import Foundation

/// Where the package's files are.
package enum Repository {
  /// Its root.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file or folder in it, such as `fixtures/dialects`, or beside it: `../shared/corpus`.
  package static func file(_ path: String) -> URL { root.appending(path: path).standardized }
}

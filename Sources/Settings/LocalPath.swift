/// Paths of this machine, which is all that is read and written.
package enum LocalPath {
  /// What is wrong with a path that no file or folder of this machine can have, and what to do; nil for any
  /// other. A URL such as `s3://bucket/archive` would be a folder called `s3:`; a NUL is to the system the
  /// end of the path, of another file than the one that is named. With `isShown` the path is in the text.
  package static func refusal(_ path: String, isShown: Bool = true) -> String? {
    if path.utf8.contains(0) { return "holds a NUL, which no path can: leave it out" }
    guard isURL(path) else { return nil }
    let (shown, hint) =
      isShown ? (": \(path)", " (./\(path) if a folder is called that)") : ("", "")
    return "is a URL, and only files and folders of this machine are read and written\(shown): "
      + "name a path\(hint)"
  }

  /// A scheme as RFC 3986 has them, and `://` behind it.
  private static func isURL(_ path: String) -> Bool {
    let scheme = path.utf8.prefix { $0 != UInt8(ascii: ":") }
    guard let first = scheme.first, isLetter(first),
      scheme.allSatisfy({ isLetter($0) || "0123456789+-.".utf8.contains($0) })
    else { return false }
    return path.utf8.dropFirst(scheme.count).starts(with: "://".utf8)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

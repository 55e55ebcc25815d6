internal import Settings
internal import JSONText

/// `--where /POINTER=VALUE`, of `search` and `prove`.
enum WhereOption {
  /// Takes it apart at the first `=`; one that belongs to the pointer is written `\=`.
  static func pointer(_ text: String) throws(UsageError) -> (JSONPointer, value: String) {
    // By scalars: a mark that combines with the `=` or the `/` is not a part of them.
    var pointer = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "=" { break }
      if scalar == "\\", rest.first == "=" {
        pointer.append("=")
        rest.removeFirst()
      } else {
        pointer.append(scalar)
      }
      guard !rest.isEmpty else { throw unfit(text) }
    }
    guard pointer.first == "/" else { throw unfit(text) }
    do { return (try JSONPointer(String(pointer)), String(rest)) } catch {
      throw UsageError("--where: \(error)")
    }
  }

  private static func unfit(_ text: String) -> UsageError {
    UsageError("--where needs /POINTER=VALUE, found \"\(text)\"")
  }
}

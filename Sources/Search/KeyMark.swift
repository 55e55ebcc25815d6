package import Bytes

/// Tells what a key is called from somebody who is called the same, wherever events are counted by actors.
package enum KeyMark {
  /// What stands behind it for people.
  package static let words = " (key)"

  /// A byte that no UTF-8 has.
  private static let mark: UInt8 = 0xFF

  /// Appends the name of a key, marked as one.
  package static func append(_ name: ByteView, to buffer: inout ByteBuffer) {
    buffer.append(name)
    buffer.append(mark)
  }

  /// The name without its mark; nil if it has none.
  package static func unmarked(_ name: ByteView) -> ByteView? {
    name.last == mark ? ByteView(rebasing: name.dropLast()) : nil
  }
}

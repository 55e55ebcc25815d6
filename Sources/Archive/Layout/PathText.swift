internal import Crypto
internal import Bytes

// Values from events become names of folders, and whoever writes events chooses the values. Two
// different values must never share a name, no name may lead out of the archive or be one that
// readers skip, and the common case (an account, an e-mail address) should stay readable.
//
// - Letters, digits, `-`, `.`, `_` and `@` stand for themselves; every other byte is `%XX` with
//   upper-case digits, which Hive, Spark and DuckDB decode and every object store takes. Bytes from
//   0x80 on are escaped too: some file systems hold two normal forms of one Unicode text for the
//   same name, so as written they could meet.
// - `-`, `.` and `_` are escaped at the beginning: no `..`, nothing hidden, nothing that readers
//   skip, nothing that looks like an option.
// - `~` is always escaped in values, so that what follows an unescaped one is ours: `~empty` is the
//   empty text; a name over its limit is cut behind a whole character, as some readers refuse what is no
//   UTF-8 unescaped, and ends in `~` and 40 digits of the SHA-256 of the whole value (160 bits, as the
//   values may be chosen to collide).
// - A value that reads like the name for what is missing has its first letter escaped.
// - Where more text follows in the same folder name, the first byte of that text is escaped in the
//   value, so that the end of the value can be told.
//
// Case is kept: on a file system that ignores it, `Prod` and `prod` share a folder, but never a
// part (see `PartNames`).

/// Writes values as parts of path components.
enum PathText {
  /// How one value of a component is written.
  struct Style: Equatable, Sendable {
    /// Most bytes that it may take, at least `smallestLimit`.
    var limit: Int
    /// The first byte of the text that follows in the component; it is escaped.
    var terminator: UInt8?
    /// True directly behind a `=`.
    var followsKey: Bool
  }

  /// Most bytes of a name that is not cut: what is longer can only become a cut one.
  static let longestLimit = 200
  /// Room for a suffix and enough of the value to recognise it.
  static let smallestLimit = 64

  private static let digestDigits = 40
  private static let digits: StaticString = "0123456789ABCDEF"

  /// The name for what is missing.
  static func missing(_ style: Style) -> StaticString {
    style.followsKey ? "__HIVE_DEFAULT_PARTITION__" : "unknown"
  }

  /// Appends a value. Of one longer than `longestLimit`, `value` may be no more than its beginning;
  /// `digest` is then that of the whole.
  static func append(
    _ value: ByteView, digest: Digest256?, _ style: Style, to buffer: inout ByteBuffer
  ) {
    guard !value.isEmpty else { return buffer.append("~empty") }
    let start = buffer.count
    let keptWhenCut = style.limit - digestDigits - 1
    var cut = start
    let isDefault = !style.followsKey && readsUnknown(value)
    for (index, byte) in value.enumerated() {
      let isFirst = index == 0
      if isSafe(byte) && byte != style.terminator && !(isFirst && (isDefault || isRisky(byte))) {
        buffer.append(byte)
      } else {
        appendEscape(byte, to: &buffer)
      }
      if buffer.count - start <= keptWhenCut, endsCharacter(value, index) { cut = buffer.count }
      if buffer.count - start > style.limit { break }
    }
    guard digest != nil || buffer.count - start > style.limit else { return }
    buffer.truncate(to: cut)
    buffer.append(UInt8(ascii: "~"))
    let suffix = buffer.count
    (digest ?? SHA256.digest(value)).append(hexTo: &buffer)
    buffer.truncate(to: suffix + digestDigits)
  }

  /// True if the byte behind the one at `index` does not go on with its character, in UTF-8.
  private static func endsCharacter(_ value: ByteView, _ index: Int) -> Bool {
    index + 1 >= value.count || value[index + 1] & 0xC0 != 0x80
  }

  /// Appends `%XX`.
  static func appendEscape(_ byte: UInt8, to buffer: inout ByteBuffer) {
    buffer.append(UInt8(ascii: "%"))
    buffer.append(digits.utf8Start[Int(byte >> 4)])
    buffer.append(digits.utf8Start[Int(byte & 15)])
  }

  /// True for bytes that stand for themselves and appear in no escape or suffix: what may follow a
  /// value in a template.
  static func canTerminate(_ byte: UInt8) -> Bool {
    !isAlphanumeric(byte) && byte != UInt8(ascii: "%") && byte != UInt8(ascii: "~")
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || isRisky(byte) || byte == UInt8(ascii: "@")
  }

  /// True for what is safe anywhere but at the beginning.
  private static func isRisky(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 <= 25
  }

  private static func readsUnknown(_ value: ByteView) -> Bool {
    let name: StaticString = "unknown"
    guard value.count == name.utf8CodeUnitCount else { return false }
    for (index, byte) in value.enumerated() where byte | 0x20 != name.utf8Start[index] {
      return false
    }
    return true
  }
}

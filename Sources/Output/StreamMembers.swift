internal import Codec
package import Bytes

/// Cuts one stream of text into members, by the rule of parts: at the first line end at or past
/// 1 MiB of the stream.
package struct StreamMembers: ~Copyable {
  /// Text of the member that is not complete.
  private var rest = ByteBuffer(capacity: 16)
  private var hasEnded = false
  /// Members so far.
  private var members = 0

  /// Takes text whose lines end at `lineEnds`; puts complete members, end to end, in place of what
  /// `complete` held, and where each of them ends into `ends`.
  package mutating func admit(
    _ text: ByteView, lineEnds: UnsafeMutableBufferPointer<Int>,
    complete: inout ByteBuffer, ends: inout FlatArray<Int>
  ) {
    complete.removeAll()
    ends.removeAll()
    let before = rest.count
    var start = 0
    for lineEnd in lineEnds where before + lineEnd - start >= Compression.memberSize {
      start = before + lineEnd
      ends.append(start)
    }
    members += ends.count
    if start > 0 {
      complete.append(rest.view)
      complete.append(ByteView(rebasing: text[..<(start - before)]))
      rest.removeAll()
      rest.trim(keeping: 2 * Compression.memberSize)
      rest.append(ByteView(rebasing: text[(start - before)...]))
    } else {
      rest.append(text)
    }
  }

  /// The last member; false if there is none left. A stream without text is one empty member: a
  /// reader of gzip takes no bytes at all for a truncated file.
  package mutating func end(complete: inout ByteBuffer, ends: inout FlatArray<Int>) -> Bool {
    complete.removeAll()
    ends.removeAll()
    if hasEnded { return false }
    hasEnded = true
    if rest.count == 0 && members > 0 { return false }
    complete.append(rest.view)
    ends.append(complete.count)
    rest.removeAll()
    return true
  }
}

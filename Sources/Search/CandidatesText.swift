package import Bytes
package import Trail

/// What stands in the place of a name where nobody is named: who an event could have been made by, such as
/// `one of: jane, joe (+3)`. No name that was established is written so.
package enum CandidatesText {
  /// What it begins with.
  package static let words = "one of: "

  private static let mostNames = 3
  private static let escape = UInt8(ascii: "\\")
  private static let beginning = Array("one of".utf8)

  /// Appends the first candidates of an event, in the order in which it names them, and how many they are
  /// besides; false if it has none. What separates names has a backslash before it where it stands in one.
  package static func append(of event: ArchivedEvent, to text: inout ByteBuffer) -> Bool {
    var named = 0
    let start = text.count
    text.append(utf8: words)
    _ = event.anyCandidate { name in
      if named > 0 { text.append(", ") }
      append(candidate: name, to: &text)
      named += 1
      return named == mostNames
    }
    guard named > 0 else {
      text.truncate(to: start)
      return false
    }
    let rest = max(event.candidatesTotal ?? 0, event.namedCandidates) - named
    if rest > 0 { text.append(utf8: " (+\(rest))") }
    return true
  }

  /// Appends the name of somebody who is named; one that begins as candidates do, in letters of either case,
  /// has a backslash before it.
  package static func append(name: ByteView, to text: inout ByteBuffer) {
    let plain = name.drop { $0 == UInt8(ascii: " ") || $0 == escape }
    let isAlike =
      plain.count >= beginning.count && zip(plain, beginning).allSatisfy { $0 | 0x20 == $1 }
    if isAlike { text.append(escape) }
    text.append(name)
  }

  private static func append(candidate name: ByteView, to text: inout ByteBuffer) {
    for at in name.indices {
      switch name[at] {
      case escape, UInt8(ascii: ","): text.append(escape)
      case UInt8(ascii: "(") where at + 1 < name.count && name[at + 1] == UInt8(ascii: "+"):
        text.append(escape)
      default: break
      }
      text.append(name[at])
    }
  }
}

extension ArchivedEvent {
  /// How many of those who it could have been it names.
  package var namedCandidates: Int {
    var count = 0
    _ = anyCandidate { _ in
      count += 1
      return false
    }
    return count
  }
}

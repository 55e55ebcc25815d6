internal import Bytes
internal import JSONText

extension Recovery {
  /// Where the item stands.
  enum Surroundings {
    /// Among values, whatever lies between them.
    case values
    /// In an array behind which lines may follow, if it was torn: longest line that is looked at, and whether
    /// the item begins where a line does.
    case arrayInLines(longest: Int, isAtLine: Bool)
    /// In lines: a line feed ends what cannot be told by brackets. Longest item of several lines.
    case lines(longest: Int)
  }

  /// What the item is.
  enum Kind {
    case value
    /// An object with which nothing is wrong but that the input ends in it: all the rest is its own.
    case cut
    /// No value: brackets in it tell nothing.
    case words
  }

  /// How the item's end is looked for.
  struct Rules {
    var surroundings = Surroundings.values
    var kind = Kind.value
    /// Of an object: bytes from its beginning that are its own, for up to there it is JSON.
    var own = 0
    /// Of an object: nothing is wrong with it there but how a string or a number is written.
    var isInOrder = false
    /// What records before it began with.
    var names = FirstNames()
    /// Bytes that a `ChainProbe` has to look at.
    var reach = 0
    /// Bytes that it looks at, at most.
    var longestChain: Int
    /// The array that has ended before the item.
    var closedArray: ClosedArray?

    var isInLines: Bool { if case .lines = surroundings { true } else { false } }

    /// Line feeds may end the item.
    var looksAtLines: Bool { if case .values = surroundings { false } else { true } }

    /// Notes that the item begins as `object` does, with which `scan` found fault, or that it is too long.
    mutating func note(_ object: ByteView, _ scan: Scan) {
      guard object.first == UInt8(ascii: "{") else { return }
      switch scan.fault {
      case .controlCharacter:
        isInOrder = true
        own = Rules.bytes(object, beforeBraceAt: scan.end) ?? scan.end
      case .badEscape, .badUTF8, .tooDeep:
        isInOrder = true
        own = scan.end
      case .none, .unexpectedEnd:
        isInOrder = true
        own = 1
      default:
        isInOrder = Rules.isNoNumber(object, scan.end)
        own = Rules.ownBytes(object, scan.end)
      }
    }

    /// Where a quote is missing, the last string may have swallowed the beginning of a record.
    private static func ownBytes(_ object: ByteView, _ end: Int) -> Int {
      let string = endOfToken(object, end)
      guard string > 1, object[string - 1] == UInt8(ascii: "\"") else { return end }
      return bytes(object, beforeBraceAt: string - 1) ?? end
    }

    /// Bytes before a brace behind which there is nothing but white space up to `end`; nil if there is none.
    private static func bytes(_ object: ByteView, beforeBraceAt end: Int) -> Int? {
      let brace = endOfToken(object, end)
      return brace > 1 && object[brace - 1] == UInt8(ascii: "{") ? brace - 1 : nil
    }

    private static func endOfToken(_ object: ByteView, _ end: Int) -> Int {
      var end = end
      while end > 0, object[end - 1].isSpace { end -= 1 }
      return end
    }

    /// Whether what stands at `place` is what some write for a number, though JSON has none of that kind.
    private static func isNoNumber(_ object: ByteView, _ place: Int) -> Bool {
      var (start, end) = (place, place)
      while start > 0, place - start < 16, !object[start - 1].endsScalar { start -= 1 }
      while end < object.count, end - place < 16, !object[end].endsScalar { end += 1 }
      return ["NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"].contains {
        object[start..<end].elementsEqual($0.utf8)
      }
    }
  }
}

/// Characters with which text could deceive somebody who reads it: those that show nothing, break the line,
/// steer a terminal or turn the direction of reading.
public enum DeceptiveText {
  /// All of them, in their order: controls, the separators of lines and paragraphs, what Unicode calls
  /// `Default_Ignorable_Code_Point` (all of zero width, bidirectional formatting, variation selectors,
  /// fillers, tags), the blank Braille pattern, and the marks of interlinear annotations.
  public static let ranges: [ClosedRange<UInt32>] = [
    0x00...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160,
    0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
    0x2800...0x2800, 0x3164...0x3164, 0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0,
    0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF,
  ]

  /// What stands where such a character was.
  public static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// True if `scalar` is one of them.
  public static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool { contains(scalar.value) }

  /// True if the well-formed sequence of `length` bytes at `at` is one of them.
  public static func isDeceptive(_ text: ByteView, at: Int, length: Int) -> Bool {
    contains(code(text, at: at, length: length))
  }

  /// The code point of the well-formed sequence of `length` bytes at `at`.
  public static func code(_ text: ByteView, at: Int, length: Int) -> UInt32 {
    var code = UInt32(text[at])
    guard length > 1 else { return code }
    code &= 0xFF >> UInt32(length + 1)
    for byte in text[(at + 1)..<(at + length)] { code = code << 6 | UInt32(byte & 0x3F) }
    return code
  }

  /// `text` with the replacement in place of each of them.
  public static func replacing(in text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(isDeceptive(scalar) ? replacement : scalar)
    }
    return String(result)
  }

  private static func contains(_ code: UInt32) -> Bool {
    if code < 0x7F { return code < 0x20 }
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < code { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(code)
  }
}

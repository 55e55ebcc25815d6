internal import JSONText

/// A number as a JSON5 document writes it.
package struct JSON5Number: Equatable, Sendable {
  /// The text, a sign included: `+.5`, `-0x1F`, `1e3`, `Infinity`.
  package let text: String

  init(text: String) { self.text = text }

  private var isNegative: Bool { text.hasPrefix("-") }
  private var unsigned: Substring { text.drop { $0 == "-" || $0 == "+" } }
  private var hexDigits: Substring? {
    let unsigned = unsigned
    return unsigned.hasPrefix("0x") || unsigned.hasPrefix("0X") ? unsigned.dropFirst(2) : nil
  }

  /// The value, if it is a whole number that fits; `1e3` and `2.0` are whole numbers too.
  package var int: Int? {
    if let hexDigits { return Int((isNegative ? "-" : "") + hexDigits, radix: 16) }
    if let int = Int(text) { return int }
    // A Double holds whole numbers exactly up to 2^53 only.
    guard let double, double.magnitude <= 9_007_199_254_740_992 else { return nil }
    return Int(exactly: double).flatMap { isEqual(to: JSON5Number(text: String($0))) ? $0 : nil }
  }

  /// True if both are the same number, however they are written and whatever their size.
  package func isEqual(to other: JSON5Number) -> Bool {
    guard var left = json, var right = other.json else { return text == other.text }
    return left.withUTF8 { left in right.withUTF8 { JSONNumbers.compare(left, $0) == 0 } }
  }

  /// The nearest double; nil only for text that no document can hold.
  package var double: Double? {
    let magnitude: Double?
    if let hexDigits {
      magnitude = hexDigits.reduce(0) { $0 * 16 + Double($1.hexDigitValue ?? 0) }
    } else if unsigned == "Infinity" {
      magnitude = .infinity
    } else if unsigned == "NaN" {
      magnitude = .nan
    } else {
      magnitude = decimalJSON.flatMap { Double($0) }
    }
    return magnitude.map { isNegative ? -$0 : $0 }
  }

  /// The number as standard JSON: its own text if that is valid there; nil for Infinity, NaN and
  /// hexadecimal digits beyond 64 bits.
  package var json: String? {
    if let hexDigits {
      return UInt64(hexDigits, radix: 16).map { (isNegative ? "-" : "") + String($0) }
    }
    return decimalJSON.map { (isNegative ? "-" : "") + $0 }
  }

  /// A decimal number without its sign, and with digits on either side of its point.
  private var decimalJSON: String? {
    guard unsigned.first?.isLetter == false, hexDigits == nil else { return nil }
    var digits = String(unsigned)
    if digits.hasPrefix(".") { digits = "0" + digits }
    guard let point = digits.firstIndex(of: ".") else { return digits }
    let after = digits.index(after: point)
    let hasFraction = after < digits.endIndex && digits[after].isNumber
    if !hasFraction { digits.remove(at: point) }
    return digits
  }
}

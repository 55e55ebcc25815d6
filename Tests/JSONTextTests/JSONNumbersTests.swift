import JSONText
import TestSupport
import Testing

@Suite struct JSONNumbersTests {
  private func compare(_ left: String, _ right: String) -> Int {
    withBytes(left) { left in withBytes(right) { JSONNumbers.compare(left, $0) } }
  }

  @Test(arguments: [
    ("9007199254740992", "9007199254740993"), ("9007199254740993", "9007199254740994"),
    ("-1", "0"), ("-0.5", "-0.25"), ("0", "1e-999999999999"), ("-1e-400", "0"), ("1e400", "1e401"),
    ("0.1", "0.10000000000000000000000000000001"), ("99", "1e2"), ("9.99e1", "100"),
    ("123456789012345678901234567890", "123456789012345678901234567891"), ("-2e3", "-1999.9"),
    ("1E+2", "100.5"), ("0.009", "0.01"), ("0.0099999", "1e-2"),
    ("1e9999999999999999999", "2e9999999999999999999"),
    ("1e281474976710656", "1e281474976710657"),
    ("1e9223372036854775807", "1e99999999999999999999999"),
    ("9e9223372036854775806", "1e9223372036854775807"),
    ("1e-9223372036854775809", "1e-9223372036854775808"),
    ("-1e99999999999999999999999999", "-9.99e99999999999999999999999998"),
    ("1e-1000000000000000000000000000000000001", "1e-999999999999999999999999999999999999"),
    ("1e999999999999999999", "0.1e1000000000000000001"),
  ]) func orders(_ less: String, _ more: String) {
    #expect(compare(less, more) < 0)
    #expect(compare(more, less) > 0)
  }

  @Test(arguments: [
    ("0", "-0"), ("0", "0.000e99"), ("1", "1.0"), ("100", "1e2"), ("100", "1.00E+02"),
    ("0.01", "1e-2"),
    ("120", "12e1"), ("0.00120", "1.2e-3"), ("-1.50", "-15e-1"),
    ("9007199254740993", "9007199254740993.0"),
    ("10e9223372036854775806", "1e9223372036854775807"),
    ("0.001e1000000000000000002", "1e999999999999999999"),
    ("100e-1000000000000000000000000000000000001", "1e-0999999999999999999999999999999999999"),
    ("-0.0e99999999999999999999999", "0e-1"),
  ]) func knowsEquals(_ left: String, _ right: String) {
    #expect(compare(left, right) == 0)
    #expect(compare(right, left) == 0)
  }

  @Test func agreesWithIntegers() {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<5000 {
      let (left, right) = (
        Int.random(in: -2000...2000, using: &generator),
        Int.random(in: -2000...2000, using: &generator)
      )
      let expected = left < right ? -1 : left > right ? 1 : 0
      #expect(compare(spelled(left, &generator), spelled(right, &generator)) == expected)
    }
  }

  /// The exponents' digits decide, however many they are, and cost each a look.
  @Test func exponentsOfAnySize() {
    let nines = String(repeating: "9", count: 100_000)
    let next = "1" + String(repeating: "0", count: 100_000)
    #expect(compare("1e" + nines, "1e" + next) < 0)
    #expect(compare("10e" + nines, "1e" + next) == 0)
    #expect(compare("0.1e-" + nines, "1e-" + next) == 0)
    #expect(compare("1e-" + nines, "1e-" + next) > 0)
  }

  /// A whole number with its point moved, and zeros behind it.
  private func spelled(_ number: Int, _ generator: inout SeededGenerator) -> String {
    let digits = String(number.magnitude)
    let cut = Int.random(in: 0...digits.count, using: &generator)
    let sign = number < 0 ? "-" : ""
    let zeros = String(repeating: "0", count: Int.random(in: 0...2, using: &generator))
    let front = cut == 0 ? "0" : String(digits.prefix(cut))
    let rest = digits.dropFirst(cut) + zeros
    return sign + front + (rest.isEmpty ? "" : "." + rest) + "e\(digits.count - cut)"
  }
}

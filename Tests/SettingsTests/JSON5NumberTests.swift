import Settings
import Testing

private func number(_ text: String) throws -> JSON5Number {
  guard case .number(let number) = try parse(text).content else {
    throw SettingsError(file: text, line: 0, column: 0, message: "no number")
  }
  return number
}

@Suite struct JSON5NumberTests {
  @Test(arguments: [
    ("0", 0), ("-0", 0), ("+7", 7), ("-12", -12), ("0x1F", 31), ("-0Xff", -255), ("1e3", 1000),
    ("2.0", 2), ("5.", 5), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
  ])
  func isWhole(text: String, expected: Int) throws {
    #expect(try number(text).int == expected)
  }

  @Test(arguments: [
    "1.5", ".5", "9223372036854775808", "0xFFFFFFFFFFFFFFFF", "1e30", "1e999", "NaN", "Infinity",
    "-Infinity", "9007199254740993.0", "1.00000000000000000000001",
  ])
  func isNotWhole(text: String) throws {
    #expect(try number(text).int == nil)
  }

  @Test(arguments: [
    ("1.5", 1.5), (".5", 0.5), ("-.5e1", -5), ("+5.", 5), ("5.e2", 500), ("0x10", 16),
    ("-0x10", -16),
    ("Infinity", .infinity), ("+Infinity", .infinity), ("-Infinity", -.infinity),
    ("0x10000000000000000", 18_446_744_073_709_551_616), ("1E-2", 0.01),
  ])
  func isADouble(text: String, expected: Double) throws {
    #expect(try number(text).double == expected)
  }

  @Test(arguments: [
    ("1", "1.0", true), ("0x1f", "31", true), ("+.5e1", "5", true), ("-0", "0", true),
    ("1e400", "10e399", true),
    ("9007199254740993", "9007199254740992", false), ("1e400", "1e401", false),
    ("Infinity", "1e999", false), ("NaN", "NaN", true),
  ])
  func isTheSameNumber(_ left: String, _ right: String, _ isSame: Bool) throws {
    #expect(try number(left).isEqual(to: number(right)) == isSame)
    #expect(try number(right).isEqual(to: number(left)) == isSame)
  }

  @Test func knowsWhatIsNoNumber() throws {
    #expect(try number("NaN").double?.isNaN == true)
    #expect(try number("-NaN").double?.isNaN == true)
  }
}

/// Numbers as people read them.
public enum Figures {
  /// The sum of numbers that are not negative; the largest number where it is larger.
  public static func sum(_ numbers: some Sequence<Int>) -> Int {
    numbers.reduce(0) { total, number in
      let (sum, overflow) = total.addingReportingOverflow(number)
      return overflow ? .max : sum
    }
  }

  /// Digits in groups of three: `1,234,567`.
  public static func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude))
    var at = digits.count - 3
    while at > 0 {
      digits.insert(",", at: at)
      at -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
  }

  /// Bytes in the largest unit of which there is one: `1.5 MiB`.
  public static func size(_ bytes: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024 && unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return decimal(value, places: unit == 0 ? 0 : 1) + " " + units[unit]
  }

  /// A number with this many digits behind the point, rounded; 0 for one below it.
  public static func decimal(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(1) { result, _ in result * 10 }
    let scaled = (max(0, value) * Double(scale)).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let whole = Int(scaled) / scale
    guard places > 0 else { return "\(whole)" }
    let fraction = String(Int(scaled) % scale)
    return "\(whole)." + String(repeating: "0", count: places - fraction.count) + fraction
  }
}

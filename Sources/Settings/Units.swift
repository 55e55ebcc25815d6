/// A bound on how many records may do something.
package enum Limit: Equatable, Sendable {
  /// A share of the records, 0 to 1.
  case fraction(Double)
  /// A number of records.
  case count(Int)
  /// No bound.
  case none
}

/// How definitions write sizes, durations and shares.
package enum Units {
  private static let sizes: [(String, Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1),
  ]
  private static let durations: [(String, Int)] = [
    ("s", 1), ("m", 60), ("h", 3600), ("d", 86400),
  ]

  /// `16MiB`, `512 KiB`, `4096`: bytes; nil for anything else and for what does not fit.
  package static func bytes(_ text: String) -> Int? { scaled(text, by: sizes) }

  /// `60s`, `5m`, `2h`, `7d`: seconds; nil for anything else and for what does not fit.
  package static func seconds(_ text: String) -> Int? { scaled(text, by: durations) }

  /// `1%`, `0.5%`, `20`; nil for anything else and for shares beyond 100 %.
  static func limit(_ text: String) -> Limit? {
    guard text.hasSuffix("%") else { return whole(text).map { .count($0) } }
    let digits = text.dropLast().trimmingSpace()
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }),
      let percent = Double(String(digits)), percent <= 100
    else { return nil }
    return .fraction(percent / 100)
  }

  private static func scaled(_ text: String, by units: [(String, Int)]) -> Int? {
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
      let number = whole(text.dropLast(unit.count).trimmingSpace())
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }

  private static func whole(_ digits: some StringProtocol) -> Int? {
    digits.allSatisfy(isDigit) ? Int(digits) : nil
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }
}

extension Substring {
  fileprivate func trimmingSpace() -> Substring {
    var trimmed = self
    while trimmed.last == " " { trimmed.removeLast() }
    return trimmed
  }
}

/// A share of the records, up to all of them.
package struct Share: Equatable, Sendable {
  /// Digits behind the point at most.
  private static let mostPlaces = 12

  /// As it was written, without blanks: `0.99%`.
  package let text: String
  private let part, whole: Int

  /// One of a hundred.
  package static let onePercent = Share(text: "1%", part: 1, whole: 100)

  private init(text: String, part: Int, whole: Int) {
    (self.text, self.part, self.whole) = (text, part, whole)
  }

  /// Reads `1%` or `0.5 %`; nil for anything else, for shares beyond 100 % and those with more than 12 digits
  /// behind the point.
  package init?(_ text: String) {
    guard text.hasSuffix("%") else { return nil }
    let digits = text.dropLast().trimmingSpace()
    let pieces = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count <= 2, pieces.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Units.isDigit) }),
      pieces.count < 2 || pieces[1].count <= Share.mostPlaces, let percent = Int(pieces[0]),
      percent <= 100, let fraction = pieces.count < 2 ? 0 : Int(pieces[1])
    else { return nil }
    let scale = (0..<(pieces.count < 2 ? 0 : pieces[1].count)).reduce(1) { scale, _ in scale * 10 }
    guard percent < 100 || fraction == 0 else { return nil }
    self.init(text: digits + "%", part: percent * scale + fraction, whole: 100 * scale)
  }

  /// True if `count` of `total` are more than this share of them.
  package func isExceeded(by count: Int, of total: Int) -> Bool {
    let (left, right) = (count.multipliedFullWidth(by: whole), total.multipliedFullWidth(by: part))
    return left.high != right.high ? left.high > right.high : left.low > right.low
  }
}

/// A bound on how many records may do something.
package enum Limit: Equatable, Sendable {
  /// A share of the records.
  case share(Share)
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
    text.hasSuffix("%") ? Share(text).map { .share($0) } : whole(text).map { .count($0) }
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

  fileprivate static func isDigit(_ character: Character) -> Bool {
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

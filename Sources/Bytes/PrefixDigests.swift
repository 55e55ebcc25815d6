/// Digests of a text's beginning at up to 64 places: by these a shorter copy of it is told from another text
/// that only begins alike.
///
/// The first place is at 64 KiB. The others follow in steps: of 4 KiB, or of the smallest power of two with
/// which they are no more than 64.
public struct PrefixDigests: Equatable, Sendable {
  /// The first place, and so the least that a copy has to have: 64 KiB.
  public static let shortest = 64 << 10
  private static let smallestStep = 4 << 10
  private static let most = 64

  /// Bytes from place to place.
  public private(set) var step: Int
  /// The first 32 bits of the digest of the bytes before each place.
  public private(set) var digests: [UInt32] = []

  /// Nothing is known yet.
  public init() { step = PrefixDigests.smallestStep }

  /// Bytes before the place with this number.
  private func place(_ number: Int) -> Int {
    if number == 0 { return PrefixDigests.shortest }
    let (length, overflow) = step.multipliedReportingOverflow(by: number)
    let start = step > PrefixDigests.shortest ? 0 : PrefixDigests.shortest
    return overflow || length > Int.max - start ? Int.max : start + length
  }

  /// Bytes before the place whose digest is to be added next.
  public var next: Int { place(digests.count) }

  /// The places and their digests, in ascending order.
  public var places: [(length: Int, digest: UInt32)] {
    digests.enumerated().map { (place($0), $1) }
  }

  /// Adds the digest of the bytes before the place `next`.
  public mutating func add(_ digest: Digest256) {
    digests.append(PrefixDigests.shortened(digest))
    guard digests.count > PrefixDigests.most else { return }
    let old = places
    step *= 2
    let step = step
    digests = old.filter { $0.length % step == 0 || $0.length == PrefixDigests.shortest }
      .map(\.digest)
  }

  /// Those of the first `length` bytes.
  public func upTo(_ length: Int) -> PrefixDigests {
    var shorter = self
    shorter.digests = places.filter { $0.length <= length }.map(\.digest)
    return shorter
  }

  /// The part of a digest that is noted.
  public static func shortened(_ digest: Digest256) -> UInt32 {
    UInt32(truncatingIfNeeded: digest.words.0 >> 32)
  }
}

// MARK: As text

extension PrefixDigests {
  /// Like `4096:0f3a…`: the step, and eight hexadecimal digits for each place.
  public var text: String {
    let digits = digests.map { digest in
      let digits = String(digest, radix: 16)
      return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
    return "\(step):" + digits.joined()
  }

  /// What a text says; nil if it says nothing.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, let step = Int(Substring(parts[0])),
      step >= PrefixDigests.smallestStep, step & (step - 1) == 0
    else { return nil }
    self.step = step
    let digits = Array(parts[1])
    guard !digits.isEmpty, digits.count % 8 == 0, digits.count <= 8 * PrefixDigests.most else {
      return nil
    }
    for start in stride(from: 0, to: digits.count, by: 8) {
      var digest: UInt32 = 0
      for digit in digits[start..<start + 8] {
        guard let digit = Hex.digit(digit) else { return nil }
        digest = digest << 4 | UInt32(digit)
      }
      digests.append(digest)
    }
  }
}

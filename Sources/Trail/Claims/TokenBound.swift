internal import Bytes

extension WrittenBound {
  /// As the time at which a token was issued or expires, in microseconds since 1970, where the year 9999 is
  /// never. Zero is none: a token that says so says nothing that can be trusted.
  func ofToken(isEnd: Bool, line: Int, _ name: String) throws(LookupError) -> Int64 {
    switch self {
    case .time(let time): return time.microseconds
    case .lastYear: return isEnd ? .max : Timestamp.last.microseconds
    case .firstYear: return Timestamp.first.microseconds
    case .zero: throw LookupError(line: line, reason: "\(name) is 0, which is no time of a token")
    }
  }
}

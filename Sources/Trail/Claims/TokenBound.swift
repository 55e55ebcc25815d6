internal import Bytes

extension WrittenBound {
  /// As the time at which a token was issued or expires, in microseconds since 1970. An end in the year 9999,
  /// or beyond the calendar, is never. Zero is no time, nor is an end before 1970: a token that says so says
  /// nothing that can be trusted.
  func ofToken(isEnd: Bool, line: Int, _ name: String) throws(LookupError) -> Int64 {
    switch self {
    case .time(let time) where !isEnd || time.microseconds > 0: return time.microseconds
    case .timeOrBeyond(let time): return isEnd ? .max : time.microseconds
    case .lastYear: return isEnd ? .max : Timestamp.last.microseconds
    case .firstYear where !isEnd: return Timestamp.first.microseconds
    case .time, .firstYear:
      throw LookupError(line: line, reason: "\(name) is before 1970, when no token expired")
    case .zero: throw LookupError(line: line, reason: "\(name) is 0, which is no time of a token")
    }
  }
}

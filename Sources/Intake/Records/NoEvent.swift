internal import JSONText

extension Scan {
  /// Why what was scanned is no event, which has to be an object; nil if it is one. Offsets in the
  /// reason count from `from`.
  @inline(__always) func reasonForNoEvent(from: Int) -> String? {
    if fault == .none && kind == .object { return nil }
    return reason(from: from)
  }

  @inline(never) private func reason(from: Int) -> String {
    guard fault == .none else { return "\(fault.reason) at byte \(end - from)" }
    return "a record must be a JSON object, found \(kind.withArticle) at byte \(start - from)"
  }
}

extension ValueKind {
  fileprivate var withArticle: String {
    switch self {
    case .missing: "nothing"
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .true, .false: "a boolean"
    case .null: "null"
    }
  }
}

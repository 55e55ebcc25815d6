/// How much somebody should care.
public enum Severity: String, CaseIterable, Comparable, Sendable {
  /// Good to know.
  case info
  /// Worth a look.
  case warning
  /// Look now.
  case critical

  /// From the least to the greatest.
  public static func < (left: Severity, right: Severity) -> Bool { left.ordinal < right.ordinal }

  private var ordinal: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .critical: 2
    }
  }
}

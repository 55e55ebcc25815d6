extension Figures {
  /// A number and what it counts: `1 part`, `1,234 parts`.
  public static func counted(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}

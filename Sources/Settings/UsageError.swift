/// What was asked for cannot be done as it was asked: the command line or the definition is at fault.
package struct UsageError: Error, CustomStringConvertible {
  /// One line for a person: what, where, and what to do.
  package let description: String

  package init(_ description: String) { self.description = description }
}

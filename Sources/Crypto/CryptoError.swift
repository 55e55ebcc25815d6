/// Why a key cannot be used.
public struct CryptoError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds that a caller may treat differently.
  public enum Kind: Equatable, Sendable {
    /// A key that is empty, too short, or none.
    case setting
    /// libcrypto refused to work, for want of memory for example.
    case library
  }

  /// What kind of fault this is.
  public let kind: Kind
  /// One line for a person.
  public let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

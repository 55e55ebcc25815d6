/// What can go wrong between text and its coded form.
public struct CodecError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds that a caller may treat differently.
  public enum Kind: Equatable, Sendable {
    /// A setting that cannot be honoured: a level out of range, a library that is not installed.
    case setting
    /// The library refused to work, for want of memory for example, or is not installed and something is to
    /// be read that it alone can read.
    case library
    /// A frame asks for more memory than is given to any.
    case limit
    /// The input ended in the middle of a member.
    case truncated
    /// The input is no member, or breaks the rules of its format.
    case corrupt
    /// A member was read to its end, but its checksum or its length is wrong.
    case checksum
    /// Complete members are followed by something that is neither a member nor zero padding.
    case garbage
  }

  /// Where a compressed stream turned bad. All offsets count bytes from the start of the stream.
  public struct Damage: Equatable, Sendable {
    /// Compressed bytes before the place where the damage showed.
    public let offset: Int
    /// Compressed offset of the member that is damaged: what lies before it is proven good.
    public let memberOffset: Int
    /// Decompressed bytes that were delivered before the damage showed.
    public let delivered: Int
    /// Of these, the ones whose checksum was verified: those of the members before.
    public let verified: Int
  }

  /// What kind of fault this is.
  public let kind: Kind
  /// One line for a person.
  public let message: String
  /// Where the stream is damaged; nil unless reading a compressed stream failed.
  public let damage: Damage?

  init(_ kind: Kind, _ message: String, damage: Damage? = nil) {
    self.kind = kind
    self.message = message
    self.damage = damage
  }

  /// The message, with the place of the damage if there is one.
  public var description: String {
    guard let damage else { return message }
    return "\(message): compressed byte \(damage.offset)"
  }
}

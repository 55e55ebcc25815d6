/// How members are cut into pieces that are compressed one by one.
public struct PieceRule: Equatable, Sendable {
  /// Bytes of text in a piece.
  public var size: Int
  /// Bytes of text before a piece that it may refer to.
  public var dictionarySize: Int

  /// Members are one piece each.
  static let whole = PieceRule(size: .max, dictionarySize: 0)
  /// Pieces of 128 KiB that refer to nothing.
  static let independent = PieceRule(size: 128 << 10, dictionarySize: 0)
  /// Pieces of 128 KiB that may refer to the 32 KiB before them: further back deflate does not look.
  public static let deflate = PieceRule(size: independent.size, dictionarySize: 32 << 10)
}

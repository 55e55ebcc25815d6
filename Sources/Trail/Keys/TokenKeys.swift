public import Bytes
internal import JSONText

/// Whose key a token is one of, for events that name a token, or the request that they were made with, and no
/// key.
public final class TokenKeys: @unchecked Sendable {
  // Sendable because it does not change once it is made.

  private let tokens: ByteTable<Int32>
  private let keys: ByteKeys
  /// The number of a token of which rows name several keys.
  fileprivate static let several: Int32 = -1

  fileprivate init(_ tokens: consuming ByteTable<Int32>, _ keys: consuming ByteKeys) {
    self.tokens = tokens
    self.keys = keys
  }

  /// The id of the key of a token; nil if no row has the token, or rows name different keys.
  public func key(of token: ByteView) -> ByteView? {
    guard let number = tokens.find(token), number >= 0 else { return nil }
    return keys[Int(number)]
  }
}

/// Takes in the rows of a table of tokens, one JSON object each.
public struct TokenKeysLoader: ~Copyable {
  private enum Place: Int { case key, token }

  private var fields = RowReader([
    [JSONPointer(literal: "/key_id")],
    [JSONPointer(literal: "/token_id"), JSONPointer(literal: "/request_id")],
  ])
  private var tokens = ByteTable<Int32>()
  private var keys = ByteKeys()
  private var scratch = ByteBuffer()
  /// Rows taken in so far.
  public private(set) var rowCount = 0

  /// A loader that has taken nothing in yet.
  public init() {}

  /// The columns of which a table of plain text has to have one.
  public static let keyColumns = ["key_id"]
  /// The columns of a table of plain text that hold ids.
  public static let idColumns = ["key_id", "token_id", "request_id"]

  /// Takes in a row, which begins on `line` of its file.
  public mutating func add(_ row: ByteView, line: Int) throws(LookupError) {
    try ClaimStore.refuseTooMany(after: rowCount, line: line)
    try fields.scan(row, line: line)
    try fields.readKey(Place.key.rawValue, of: row, line: line, what: "a row", to: &scratch)
    let key = Int32(truncatingIfNeeded: keys.insert(scratch.view))
    rowCount += 1
    scratch.removeAll()
    // A row without an id is of a session that no event names.
    guard fields.append(Place.token.rawValue, of: row, to: &scratch) else { return }
    if let known = tokens.insert(scratch.view, key), known != key {
      _ = tokens.update(scratch.view, TokenKeys.several)
    }
  }

  /// The table of all rows taken in.
  public consuming func finish() -> TokenKeys { TokenKeys(tokens, keys) }
}

internal import Bytes
public import JSONText

/// What a row of a key directory can say about a key.
public enum KeyField: String, CaseIterable, Sendable {
  /// The id that events use; required.
  case id
  /// What people call it.
  case name
  /// `oidc`, `secret`, …
  case type
  /// Whose it is.
  case owner
  /// What it may do.
  case scopes
  /// On which resources.
  case allowList = "allow_list"
  /// What both come to.
  case effectiveScope = "effective_scope"
  /// The roles it has.
  case roles
  /// From when on the row holds.
  case validFrom = "valid_from"
  /// Until when, exclusive.
  case validTo = "valid_to"
  /// When the key expires.
  case expiresAt = "expires_at"
  /// When it was deleted.
  case deletedAt = "deleted_at"

  var ordinal: Int {
    switch self {
    case .id: 0
    case .name: 1
    case .type: 2
    case .owner: 3
    case .scopes: 4
    case .allowList: 5
    case .effectiveScope: 6
    case .roles: 7
    case .validFrom: 8
    case .validTo: 9
    case .expiresAt: 10
    case .deletedAt: 11
    }
  }
}

/// Where rows of a key directory keep what: for each field the pointers to try, in their order.
public struct KeyFields: Sendable {
  /// Pointers by field.
  public var pointers: [KeyField: [JSONPointer]]

  /// Our own names, then those of Spacelift's and Coder's key objects. A creation time is no
  /// `valid_from`: what a row says need not have held since then.
  public static let standard: KeyFields = {
    let table: [(KeyField, [StaticString])] = [
      (.id, ["/id", "/key_id", "/node/id"]),
      (.name, ["/name", "/token_name", "/node/name"]),
      (.type, ["/type", "/node/type"]),
      (.owner, ["/owner", "/user_id", "/username"]),
      (.scopes, ["/scopes", "/scope"]),
      (.allowList, ["/allow_list", "/allowList"]),
      (.effectiveScope, ["/effective_scope", "/effectiveScope"]),
      (.roles, ["/roles", "/apiKeyRoleBindings", "/node/apiKeyRoleBindings"]),
      (.validFrom, ["/valid_from", "/validFrom"]),
      (.validTo, ["/valid_to", "/validTo"]),
      (.expiresAt, ["/expires_at", "/expiresAt", "/node/expiresAt"]),
      (.deletedAt, ["/deleted_at", "/deletedAt"]),
    ]
    var fields = KeyFields(pointers: [:])
    for (field, texts) in table {
      fields.pointers[field] = texts.map { JSONPointer(literal: $0) }
    }
    return fields
  }()

  /// The columns of a table of plain text that can hold a key's id.
  public var idColumns: [String] {
    (pointers[.id] ?? []).compactMap { $0.tokens.count == 1 ? $0.tokens.first : nil }
  }

  /// True if a value at `pointer` would be a secret, which no table of ours may hold.
  public static func isSecret(_ pointer: JSONPointer) -> Bool {
    pointer.tokens.contains { token in
      var token = token
      return token.withUTF8 { isSecret($0) }
    }
  }

  /// True if `name` speaks of a secret, in any case: `secret`, `hashed_secret`, `secretSHA`.
  static func mentionsSecret(_ name: ByteView) -> Bool {
    guard name.count >= 6 else { return false }
    return (0...name.count - 6).contains { isSecret(ByteView(rebasing: name[$0..<$0 + 6])) }
  }

  /// True if a part of `pointer` speaks of a secret.
  public static func mentionsSecret(_ pointer: JSONPointer) -> Bool {
    pointer.tokens.contains { token in
      var token = token
      return token.withUTF8 { mentionsSecret($0) }
    }
  }

  /// True for the name of a member that holds a secret or what was made of it, in any case: `secret`,
  /// `hashed_secret`, `secretSHA`. Not for any name with the word in it, which a scope may have.
  static func holdsSecret(_ name: ByteView) -> Bool {
    isSecret(name) || isLowercased(name, "hashed_secret") || isLowercased(name, "secretsha")
  }

  private static func isLowercased(_ name: ByteView, _ word: String) -> Bool {
    name.count == word.utf8.count
      && zip(name, word.utf8).allSatisfy { $0 &- 0x41 < 26 ? $0 | 0x20 == $1 : $0 == $1 }
  }

  /// True for the name of a member that holds a secret: `secret`, in any case.
  static func isSecret(_ name: ByteView) -> Bool {
    name.count == 6 && zip(name, "secret".utf8).allSatisfy { $0 | 0x20 == $1 }
  }
}

internal import Bytes
public import JSONText

/// Which places in events hold what gives access: nothing there is ever learned.
public enum LearnedSecrets {
  /// Names of members, in lower case and without `_` and `-`.
  private static let names: Set<String> = [
    "sessiontoken", "securitytoken", "accesstoken", "refreshtoken", "idtoken", "authtoken",
    "bearertoken", "webidentitytoken", "devicetoken", "samlassertion", "assertion", "password",
    "passwd", "passphrase", "privatekey", "authorization",
  ]

  /// True for the name of a member that holds what gives access, however it is written: `secretAccessKey`,
  /// `sessionToken`, `refresh_token`, `password`.
  static func isHeld(by name: ByteView) -> Bool {
    guard !KeyFields.mentionsSecret(name) else { return true }
    let plain = name.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    return names.contains(String(decoding: plain, as: UTF8.self).lowercased())
  }

  /// True if a part of `pointer` is such a name.
  public static func isHeld(at pointer: JSONPointer) -> Bool {
    pointer.tokens.contains { token in
      var token = token
      return token.withUTF8 { isHeld(by: $0) }
    }
  }
}

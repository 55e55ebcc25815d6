internal import JSONText

/// Which of the claims that are kept hold an e-mail address, the surest first. A name that its bearer can
/// choose is none of them.
enum EmailClaims {
  /// Behind the last `/`, `:` or `.` of a claim's name: `https://example.com/email`.
  private static let words: Set<String> = [
    "email", "e-mail", "e_mail", "mail", "emailaddress", "email_address", "mail_address",
    "user_email", "useremail",
  ]
  /// Claims that hold an address with many issuers, and something else with others.
  private static let others = ["upn", "unique_name", "preferred_username", "sub"]

  /// Slots for them, in their order; `kept` are the names of the claims that are kept as they are.
  static func slots(_ kept: Set<String>, _ table: inout PointerTable) -> [Int] {
    let named = kept.filter { name in
      let word = name.split { $0 == "/" || $0 == ":" || $0 == "." }.last ?? ""
      return words.contains(word.lowercased())
    }
    let names = ["email"] + named.subtracting(["email"]).sorted() + others
    return names.map { table.slot(JSONPointer(member: $0)) }
  }
}

package import Settings

extension Settings {
  /// The claim that is named at `key` or, in its place, by a pointer at `pointer`.
  package func claimName(_ key: String) throws(SettingsError) -> ClaimName {
    guard let pointer = try optionalString("pointer") else { return ClaimName(try string(key)) }
    guard !has(key) else {
      throw error("pointer", "says in another way what \"\(key)\" says: give one of the two")
    }
    return ClaimName(pointer: pointer)
  }
}

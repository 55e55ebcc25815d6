extension Settings {
  /// A path of this machine; an error if it is left out, or if no file can be called so.
  package func path(_ key: String) throws(SettingsError) -> String {
    try checked(try string(key), key)
  }

  /// A path of this machine, or nil; an error if no file can be called so.
  package func optionalPath(_ key: String) throws(SettingsError) -> String? {
    guard let path = try optionalString(key) else { return nil }
    return try checked(path, key)
  }

  /// The paths of an array; a path by itself is an array of one, and none are given where it is left out.
  package func paths(_ key: String) throws(SettingsError) -> [String] {
    let paths = try strings(key, default: [])
    for path in paths { _ = try checked(path, key) }
    return paths
  }

  private func checked(_ path: String, _ key: String) throws(SettingsError) -> String {
    if let refusal = LocalPath.refusal(path, isShown: !hidesValues) { throw error(key, refusal) }
    return path
  }
}

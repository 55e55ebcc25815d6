public import Bytes

extension ArchivedEvent {
  /// Calls `body` with all that the key is called, as it was resolved and as the event itself has it, until
  /// it returns true; whether it did.
  public func anyKey(_ body: (ByteView) -> Bool) -> Bool { anyKeyText(body) }

  /// The id of the key: the one that was resolved, or else as the event itself has it.
  public var shownKeyID: ByteView? {
    if let id = keyID, !id.isEmpty { return id }
    return ownKey?.id
  }

  /// What the key is called for people: its name, or its id.
  public var shownKey: ByteView? {
    if let name = keyName, !name.isEmpty { return name }
    if let id = keyID, !id.isEmpty { return id }
    return ownKey.map { $0.name ?? $0.id }
  }
}

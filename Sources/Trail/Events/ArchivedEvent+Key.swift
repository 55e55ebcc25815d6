public import Bytes

// An event names its key itself, as its actor (`api::01J…`, perhaps with a name behind it) or at the
// dialect's pointer for keys. What `resolve_keys` found of that key was added to it, if that stage ran.

extension ArchivedEvent {
  /// The key's id as the event itself gives it, and the name if there is one; nil if it names no key. By the
  /// rule of `EventActor`.
  private var ownKey: (id: ByteView, name: ByteView?)? {
    if let id = value(.key), !id.isEmpty { return (id, nil) }
    guard let text = value(.actor), let actor = Actor.Places(text),
      text[actor.source].elementsEqual(Actor.keySource), !actor.id.isEmpty
    else { return nil }
    let name = actor.name.isEmpty ? nil : ByteView(rebasing: text[actor.name])
    return (ByteView(rebasing: text[actor.id]), name)
  }

  /// Calls `body` with all that the key is called, as it was resolved and as the event itself has it, until
  /// it returns true; whether it did.
  public func anyKey(_ body: (ByteView) -> Bool) -> Bool {
    if let id = keyID, body(id) { return true }
    if let name = keyName, body(name) { return true }
    guard let own = ownKey else { return false }
    return body(own.id) || own.name.map(body) ?? false
  }

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

internal import Bytes

/// What an event says of that which it is found by. Views are valid until the next question.
protocol SearchedEvent {
  /// The first of a role's values that is there (null, "" and {} are not), as text; nil if it is none, an
  /// object or an array.
  func value(_ role: Role) -> ByteView?
  /// Who it was, for people.
  var displayActor: ByteView? { get }
  /// The id of the key that was used, if it was resolved.
  var keyID: ByteView? { get }
  /// The name of that key.
  var keyName: ByteView? { get }
  /// Calls `body` with every retained claim, as text, until it returns true; whether it did.
  func anyClaim(_ body: (ByteView) -> Bool) -> Bool
  /// Calls `body` with every signal until it returns true; whether it did.
  func anySignal(_ body: (ByteView) -> Bool) -> Bool
  /// Calls `body` with every one of those who it could have been, where nobody is named, until it returns
  /// true; whether it did.
  func anyCandidate(_ body: (ByteView) -> Bool) -> Bool
  /// How many it could have been, where nobody is named; nil where that is not the case.
  var candidatesTotal: Int? { get }
}

// An event names its key itself, as its actor (`api::01J…`, perhaps with a name behind it) or at the
// dialect's pointer for keys. What `resolve_keys` found of that key was added to it, if that stage ran.

extension SearchedEvent {
  /// The key's id as the event itself gives it, and the name if there is one; nil if it names no key. By the
  /// rule of `EventActor`.
  var ownKey: (id: ByteView, name: ByteView?)? {
    if let id = value(.key), !id.isEmpty { return (id, nil) }
    guard let text = value(.actor), let actor = Actor.Places(text),
      text[actor.source].elementsEqual(Actor.keySource), !actor.id.isEmpty
    else { return nil }
    let name = actor.name.isEmpty ? nil : ByteView(rebasing: text[actor.name])
    return (ByteView(rebasing: text[actor.id]), name)
  }

  /// As `ArchivedEvent.anyKey`.
  func anyKeyText(_ body: (ByteView) -> Bool) -> Bool {
    if let id = keyID, body(id) { return true }
    if let name = keyName, body(name) { return true }
    guard let own = ownKey else { return false }
    return body(own.id) || own.name.map(body) ?? false
  }

  /// True if it could have been others than those who are named as candidates.
  var couldBeUnnamed: Bool {
    guard let total = candidatesTotal else { return false }
    var named = 0
    _ = anyCandidate { _ in
      named += 1
      return false
    }
    return total > named
  }
}

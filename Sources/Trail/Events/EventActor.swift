public import Bytes
public import Engine

/// Who acted in one event, as the event itself has it.
public struct EventActor: Sendable {
  /// The original string; nil if the event names nobody.
  public let text: Span32?
  /// The original string taken apart; empty if there is none.
  public let actor: Actor
  /// The id of the API key that was used, as the event gives it; nil if the actor is none.
  public let key: Span32?
  /// The key's name where the actor gives one (its id may then be shortened); else empty.
  public let keyName: Span32

  /// Reads record `index`: the key is at the dialect's pointer for keys or, where that is missing,
  /// an actor `api::…`.
  public init(_ dialect: borrowing BoundDialect, _ batch: borrowing Batch, _ index: Int) {
    text = dialect.scalar(.actor, batch, index)
    actor = Actor(text ?? .empty, in: batch.bytes)
    if let given = dialect.scalar(.key, batch, index), !given.isEmpty {
      key = given
      keyName = .empty
    } else if EventActor.isKey(batch.bytes[actor.source]), !actor.id.isEmpty {
      key = actor.id
      keyName = actor.name
    } else {
      key = nil
      keyName = .empty
    }
  }

  private static func isKey(_ source: ByteView) -> Bool {
    source.count == 3 && source[0] == UInt8(ascii: "a") && source[1] == UInt8(ascii: "p")
      && source[2] == UInt8(ascii: "i")
  }
}

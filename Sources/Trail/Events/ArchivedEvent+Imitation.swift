public import Bytes

// Where no claim tells who it was, the name of the key stands there, and whoever made the key has chosen it.
// So what is shown of a key is never taken for a person who is called the same. Nor are claims that were kept
// as evidence, and that nobody believed.

extension ArchivedEvent {
  /// True if the display actor is the name or the id of the key.
  public var isShownByKey: Bool {
    guard let from else { return false }
    guard from.elementsEqual("key_name".utf8) || from.elementsEqual("key_id".utf8) else {
      return false
    }
    return displayActor.map { !$0.isEmpty } ?? false
  }

  /// True if that name could pass for somebody: the event is flagged so, or, where an earlier version has
  /// written it, which flagged none, the name has the form of an actor or of an e-mail address.
  public var imitatesByKey: Bool {
    guard isShownByKey else { return false }
    if anyFlag({ $0.elementsEqual("imitates_actor".utf8) }) { return true }
    return displayActor.map { DisplayText.passesForSomebody($0) } ?? false
  }

  /// True if a retained claim for which `body` is true stands for somebody: none of an issuer that is not
  /// trusted, and none that the event's time ruled out, which is so where nothing of them is shown.
  public func anyBelievedClaim(_ body: (ByteView) -> Bool) -> Bool {
    anyClaim(body) && !areClaimsDoubted
  }

  private var areClaimsDoubted: Bool {
    let isOutside = !isShownByClaims
    return anyFlag {
      $0.elementsEqual("untrusted_issuer".utf8)
        || isOutside && $0.elementsEqual("token_time_outside".utf8)
    }
  }

  private var isShownByClaims: Bool {
    from.map { $0.starts(with: "claim:".utf8) || $0.starts(with: "template:".utf8) } ?? false
  }
}

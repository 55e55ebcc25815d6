internal import Bytes
internal import Engine
internal import Trail

/// Claims that stand in the event itself.
extension DisplayStage {
  /// Applies claims in the event itself: `embedded`, or `none` where more parties act with them than there
  /// may be; nil where they show nothing, and a chain begins with the token that the event names.
  func applyEmbedded(
    _ claims: Span32, _ subject: Subject, _ batch: Batch, _ index: Int, _ base: UInt32,
    _ readers: inout Readers, _ chain: inout ClaimChain
  ) -> ClaimMatch? {
    let key = subject.key ?? .empty
    guard readers.claims.read(batch.bytes[claims], key: batch.bytes[key]) else { return .embedded }
    let shown = readers.claims.rendering.shown(selector(batch, index))
    if shown.candidate < 0, beginsChain(key, batch, index) { return nil }
    let flags = shown.flags | embeddedFlags(subject, shown.policy, batch, index, readers.claims)
    let isShown = isShown(flags)
    guard addActors(claims, isShown ? shown.text : .nothing, batch, index, &chain) else {
      let refused = flags & ~AttributionFlags.ofShown.rawValue
      note(shown.policy, refused | AttributionFlags.chainTooLong.rawValue, batch, index)
      return ClaimMatch.none
    }
    add(
      shown.text, readers.claims.rendering.claims, isShown ? shown.candidate : -1, batch, index,
      base)
    note(shown.policy, isShown ? flags : flags & ~AttributionFlags.ofShown.rawValue, batch, index)
    return .embedded
  }

  /// What to note about claims in the event: whether they hold at its time, and whether the event names a
  /// token of another key beside them.
  private func embeddedFlags(
    _ subject: Subject, _ policy: Int, _ batch: Batch, _ index: Int,
    _ reader: borrowing ClaimReader
  ) -> UInt32 {
    let time = batch.records[index].time
    var flags = reader.flags(
      at: time, skew: rules.skew, policy: policy, requiresTime: rules.requiresTokenTime)
    if let store, let key = subject.key, let token = dialect.scalar(.token, batch, index),
      !token.isEmpty
    {
      let answer = store.find(
        token: batch.bytes[token], key: batch.bytes[key], at: time, selector(batch, index))
      flags.formUnion(AttributionFlags(rawValue: answer.flags).intersection(.tokenOfOtherKey))
    }
    return flags.rawValue
  }
}

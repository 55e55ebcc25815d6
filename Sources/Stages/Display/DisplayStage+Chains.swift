internal import Bytes
internal import Engine
internal import Trail

/// From the credential of an event to who is behind it.
extension DisplayStage {
  /// What an answer becomes where the store knows who asked for its token.
  func follow(
    _ answer: ClaimAnswer, _ batch: Batch, _ index: Int, _ chain: inout ClaimChain
  ) -> ClaimAnswer {
    chain.clear()
    guard let store, store.hasChains, rules.accepted.token else { return answer }
    return chain.follow(answer, in: store, selector(batch, index))
  }

  func add(_ chain: borrowing ClaimChain, _ batch: Batch, _ index: Int) {
    if !chain.text.isEmpty { add(chain.text, to: .chain, batch, index) }
  }

  /// True if a chain begins with the token that an event names.
  func beginsChain(_ key: Span32, _ batch: Batch, _ index: Int) -> Bool {
    guard let store, store.hasChains, rules.accepted.token,
      let token = dialect.scalar(.token, batch, index), !token.isEmpty
    else { return false }
    return store.beginsChain(
      store.find(
        token: batch.bytes[token], key: batch.bytes[key], at: batch.records[index].time,
        selector(batch, index)))
  }

  /// Adds who acts with claims that stand in the event itself, where these say it; false if they are more
  /// than a chain may have.
  func addActors(
    _ claims: Span32, _ display: ByteView, _ batch: Batch, _ index: Int, _ chain: inout ClaimChain
  ) -> Bool {
    guard ClaimChain.mayFollow(embedded: batch.bytes[claims]) else { return true }
    let isShort = chain.follow(embedded: batch.bytes[claims], display)
    add(chain, batch, index)
    return isShort
  }

  /// Adds whom the event says it was done for as the last link of its chain. It is what the event says, and
  /// shown only if the definition has it among its fallbacks.
  func addBehalf(
    _ subject: Subject, _ batch: Batch, _ index: Int, _ chain: inout ClaimChain
  ) {
    guard let name = dialect.scalar(.onBehalfOf, batch, index),
      !DisplayText.isBlank(batch.bytes[name])
    else { return }
    chain.append(
      onBehalfOf: batch.bytes[name], to: batch.bytes[batch[.chain, index]],
      key: batch.bytes[subject.key ?? .empty])
    add(chain, batch, index)
  }
}

extension ByteView {
  /// No bytes.
  static var nothing: ByteView { ByteView(start: nil, count: 0) }
}

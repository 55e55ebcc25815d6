internal import Bytes
internal import Crypto
internal import Engine
internal import Trail

/// How a key was used: from which block of addresses, and by whom.
struct KeyUse {
  /// Of the key by itself, where the run alone is judged.
  var key: Digest256?
  var block: Digest256?
  var caller: Digest256?

  private static let hasKey: UInt32 = 1
  private static let hasBlock: UInt32 = 2
  private static let hasCaller: UInt32 = 4

  /// The use that was noted of a record.
  init(_ batch: Batch, _ index: Int) {
    let slot = batch[.signalUses, index]
    var at = Int(slot.start)
    func next(_ bit: UInt32) -> Digest256? {
      guard slot.count & bit != 0 else { return nil }
      defer { at += 1 }
      return batch.digests[at]
    }
    key = next(KeyUse.hasKey)
    block = next(KeyUse.hasBlock)
    caller = next(KeyUse.hasCaller)
  }

  /// Takes the digests of a record's use of a key.
  static func note(_ plan: SignalPlan, _ batch: Batch, _ index: Int) {
    var key = batch[.keyID, index]
    if key.isEmpty {
      guard let given = EventActor(plan.dialect, batch, index).key else { return }
      key = given
    }
    var uses: UInt32 = 0
    let first = batch.digests.count
    if plan.judgesWithinRun {
      batch.digests.append(digest("k", batch, key) { _ in })
      uses |= hasKey
    }
    if !plan.newBlock.isEmpty, let address = plan.dialect.scalar(.address, batch, index),
      let block = AddressBlock.Address(batch.bytes[address]).map(AddressBlock.init(around:))
    {
      batch.digests.append(
        digest("b", batch, key) { hasher in
          for half in [block.first.high, block.first.low] { hasher.update(number: half) }
        })
      uses |= hasBlock
    }
    let caller = batch[.displayActor, index]
    if !plan.newCaller.isEmpty, !caller.isEmpty, !isKeyItself(batch, index) {
      batch.digests.append(digest("c", batch, key) { $0.update(batch.bytes[caller]) })
      uses |= hasCaller
    }
    batch[.signalUses, index] = Span32(start: UInt32(truncatingIfNeeded: first), count: uses)
  }

  /// Where nobody knows the caller the key is shown in their place, and that is nobody new.
  static func isKeyItself(_ batch: Batch, _ index: Int) -> Bool {
    let from = batch.bytes[batch[.from, index]]
    return from.equals("\"key_name\"") || from.equals("\"key_id\"")
  }

  /// The key comes with its length, so that no two pairs read the same.
  private static func digest(
    _ kind: Unicode.Scalar, _ batch: Batch, _ key: Span32,
    _ rest: (inout SHA256Hasher) -> Void
  ) -> Digest256 {
    var hasher = SHA256Hasher()
    hasher.update(UInt8(truncatingIfNeeded: kind.value))
    hasher.update(number: UInt64(key.count))
    hasher.update(batch.bytes[key])
    rest(&hasher)
    return hasher.finalize()
  }
}

extension SHA256Hasher {
  /// Adds a number, most significant byte first.
  mutating func update(number: UInt64) {
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      update(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}

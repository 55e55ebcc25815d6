/// Collects pointers while a plan is made, and hands out one slot for each distinct one.
public struct PointerTable: Sendable {
  /// The distinct pointers, by slot.
  public private(set) var pointers: [JSONPointer] = []
  private var slots: [JSONPointer: Int] = [:]

  /// An empty table.
  public init() {}

  /// The slot of `pointer`, a new one if it is new.
  public mutating func slot(_ pointer: JSONPointer) -> Int {
    if let slot = slots[pointer] { return slot }
    slots[pointer] = pointers.count
    pointers.append(pointer)
    return pointers.count - 1
  }
}

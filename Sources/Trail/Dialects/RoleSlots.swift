internal import Bytes
internal import Engine
internal import JSONText

/// The slots of roles' pointers. Plain memory, which is looked at for every event: arrays would count
/// references.
final class RoleSlots: @unchecked Sendable {
  // Sendable because `init` alone writes.

  /// All roles' slots end to end, and where each role's end, with a zero before the first.
  private let flat: UnsafeMutablePointer<Int>
  private let ends: UnsafeMutablePointer<Int>
  private let tokenPrefix: UnsafeMutableBufferPointer<UInt8>

  /// Reserves slots in `table`, role by role. What does not begin with `tokenPrefix` is no id of a token.
  init(
    _ pointers: [Role: [JSONPointer]], in table: inout PointerTable, tokenPrefix: String = ""
  ) {
    self.tokenPrefix = .allocate(capacity: max(tokenPrefix.utf8.count, 1))
    tokenPrefixCount = self.tokenPrefix.initialize(fromContentsOf: Array(tokenPrefix.utf8))
    var flat: [Int] = []
    var ends = [0]
    for role in Role.allCases {
      for pointer in pointers[role] ?? [] { flat.append(table.slot(pointer)) }
      ends.append(flat.count)
    }
    self.flat = RoleSlots.copy(flat)
    self.ends = RoleSlots.copy(ends)
  }

  private let tokenPrefixCount: Int

  deinit {
    tokenPrefix.deallocate()
    flat.deallocate()
    ends.deallocate()
  }

  private static func copy(_ numbers: [Int]) -> UnsafeMutablePointer<Int> {
    let copy = UnsafeMutablePointer<Int>.allocate(capacity: max(numbers.count, 1))
    for (index, number) in numbers.enumerated() { copy[index] = number }
    return copy
  }

  /// Where a role's slots are, in the order in which they are tried.
  @inline(__always) func places(_ role: Role) -> Range<Int> {
    ends[role.ordinal]..<ends[role.ordinal + 1]
  }

  /// The slot at a place.
  @inline(__always) subscript(place: Int) -> Int { flat[place] }

  /// True if a value at the place of a token's id is one.
  @inline(__always) func isToken(_ field: Field, _ batch: Batch, _ index: Int) -> Bool {
    tokenPrefixCount == 0 || beginsAsToken(field, batch, index)
  }

  private func beginsAsToken(_ field: Field, _ batch: Batch, _ index: Int) -> Bool {
    guard field.kind == .string, Int(field.content.count) >= tokenPrefixCount else { return false }
    let text = batch.bytes[batch.absolute(field.content, of: index)]
    return text[0..<tokenPrefixCount].elementsEqual(tokenPrefix[0..<tokenPrefixCount])
  }
}

internal import JSONText

/// The slots of roles' pointers. Plain memory, which is looked at for every event: arrays would count
/// references.
final class RoleSlots: @unchecked Sendable {
  // Sendable because `init` alone writes.

  /// All roles' slots end to end, and where each role's end, with a zero before the first.
  private let flat: UnsafeMutablePointer<Int>
  private let ends: UnsafeMutablePointer<Int>

  /// Reserves slots in `table`, role by role.
  init(_ pointers: [Role: [JSONPointer]], in table: inout PointerTable) {
    var flat: [Int] = []
    var ends = [0]
    for role in Role.allCases {
      for pointer in pointers[role] ?? [] { flat.append(table.slot(pointer)) }
      ends.append(flat.count)
    }
    self.flat = RoleSlots.copy(flat)
    self.ends = RoleSlots.copy(ends)
  }

  deinit {
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
}

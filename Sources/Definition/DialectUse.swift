internal import Bytes
internal import Engine
internal import JSONText
package import Settings
package import Trail

/// Which pointers of a dialect located a value in the records of a definition's tests.
///
/// A pointer that is misspelt finds nothing, and a missing value is no error: so an archive fills
/// with unknown accounts until somebody looks. The tests are the place to look first.
package struct DialectUse: Sendable {
  /// Something that may be wrong, and where.
  package typealias Warning = (position: SourcePosition, message: String)

  private struct Hit: Hashable {
    var role: Role
    var pointer: JSONPointer
  }

  /// Records that were read.
  package private(set) var records = 0
  private var hits: Set<Hit> = []

  mutating func add(_ other: DialectUse) {
    records += other.records
    hits.formUnion(other.hits)
  }

  fileprivate mutating func note(_ role: Role, _ pointer: JSONPointer) {
    hits.insert(Hit(role: role, pointer: pointer))
  }

  fileprivate mutating func countRecord() { records += 1 }

  /// What is to be said about `dialect`: each pointer of the definition's own that found nothing, or,
  /// of a built-in one, that none of all did. A definition that does not speak of its dialect, and
  /// a built-in one without tests, are left in peace.
  package func warnings(_ dialect: Dialect) -> [Warning] {
    guard let provenance = dialect.provenance else { return [] }
    if provenance.own.isEmpty { return warningsOfBuiltIn(dialect, provenance) }
    guard records > 0 else {
      return [
        (
          provenance.position,
          "the dialect is this definition's own, and no test has a record to judge it by"
        )
      ]
    }
    return provenance.own.filter { !hits.contains(Hit(role: $0.role, pointer: $0.pointer)) }
      .map {
        (
          $0.position,
          "no record of the tests has anything at \"\($0.pointer)\" (\($0.role.rawValue))"
        )
      }
  }

  private func warningsOfBuiltIn(_ dialect: Dialect, _ provenance: DialectProvenance) -> [Warning] {
    let isUsed = dialect.pointers.contains { role, pointers in
      pointers.contains { hits.contains(Hit(role: role, pointer: $0)) }
    }
    guard records > 0, !isUsed, !dialect.pointers.isEmpty else { return [] }
    return [
      (
        provenance.position,
        "no record of the tests has anything where the dialect \"\(dialect.name)\" looks for it"
      )
    ]
  }
}

/// Sees which pointers located something. It is for tests alone, so it need not be quick.
final class DialectWitness: OrderedStage {
  private let bound: BoundDialect
  private let places: [(role: Role, pointer: JSONPointer, slot: Int)]
  private(set) var use = DialectUse()
  /// The first time that is there and cannot be read.
  private(set) var unreadableTime: UnreadableTime?

  init(_ dialect: Dialect, _ bound: BoundDialect) {
    self.bound = bound
    places = Role.allCases.flatMap { role in
      zip(dialect.pointers[role] ?? [], bound.slots(role)).map { (role, $0, $1) }
    }
  }

  func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      use.countRecord()
      if unreadableTime == nil, batch.records[index].time == Record.noTime {
        unreadableTime = bound.unreadableTime(batch, index)
      }
      for place in places {
        let field = batch.field(place.slot, of: index)
        let isNothing = field.isNothing(batch.bytes[batch.absolute(field.span, of: index)])
        if !isNothing { use.note(place.role, place.pointer) }
      }
    }
  }
}

internal import JSONText
package import Trail

/// How records are read where that depends on more than the input: on the stages, and on where events go.
package struct RecordRules: Sendable {
  /// What trailmill itself has added to the events, and is taken off.
  package var existing = AddedMembers([])
  /// What the plan can add: an event that comes with such a member is turned away.
  package var reserved: Set<AddedRole> = []
  /// What the members are called that the plan adds.
  package var names = AddedNames()
  /// True if a record is turned away in which an object has the same member twice.
  package var refusesDuplicates = false
  /// True if a stage asks for the signatures of deliveries.
  package var judgesSignatures = false

  /// What the reason why a record was turned away must not show.
  package var secrets: SecretPlan?

  /// Nothing is recognised, and nothing turned away that is an event.
  package init() {}

  /// How the lines of an archive are read to which `added` was added.
  package init(archived added: AddedMembers) { existing = added }

  /// True if a scan has to look for members that are there twice. Behind what is taken off another one of the
  /// same name could be left.
  var findsDuplicates: Bool { refusesDuplicates || !existing.roles.isEmpty && !reserved.isEmpty }
}

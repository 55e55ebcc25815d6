public import JSONText

/// What a member says that trailmill adds to an event.
public enum AddedRole: String, CaseIterable, Sendable {
  /// What is needed to check the signature of a delivery again.
  case delivery
  /// Who it was.
  case attribution
  /// The pointers at which the original was changed.
  case altered
  /// What the event is a sign of.
  case signals

  /// What its value is.
  var kind: ValueKind {
    switch self {
    case .delivery, .attribution: .object
    case .altered, .signals: .array
    }
  }

  /// Where its value waits to be written. An `attribution` is put together of `AddedMember.ofAttribution`;
  /// its slot here is for one that an earlier run has made.
  var slot: AddedSlot {
    switch self {
    case .delivery: .delivery
    case .attribution: .earlierAttribution
    case .altered: .altered
    case .signals: .signals
    }
  }

  /// Its place among the members that are added, in the order in which they are written.
  public var place: Int {
    switch self {
    case .delivery: 0
    case .attribution: 1
    case .altered: 2
    case .signals: 3
    }
  }
}

/// What the members are called that trailmill adds to an event.
public struct AddedNames: Hashable, Sendable {
  private var names = AddedRole.allCases.map(\.rawValue)

  /// The names that a definition need not write.
  public init() {}

  /// The name of a member.
  public subscript(role: AddedRole) -> String {
    get { names[role.place] }
    set { names[role.place] = newValue }
  }

  /// The text `,"name":` of each member, as it is written behind another one.
  func lead(_ role: AddedRole) -> [UInt8] { Array(",\"\(self[role])\":".utf8) }
}

/// Which members of archived events trailmill has added, and what they are called.
///
/// Another member, whatever its name, is the event's own: it is shown, and never believed.
public struct AddedMembers: Hashable, Sendable {
  /// What the members are called.
  public private(set) var names: AddedNames
  /// Those that can be there, and that no event can have brought.
  public private(set) var roles: Set<AddedRole>
  /// True if events that came in an envelope have a `delivery`, and others can have brought one: it is worth
  /// checking, and proves nothing by being there.
  public private(set) var mayBringDelivery: Bool
  /// True if each `delivery` that is there was added to an event whose signature was verified.
  public private(set) var provesSignatures: Bool
  /// False of an archive that a version wrote which did not note them.
  public private(set) var isNoted = true

  /// These members.
  public init(
    _ roles: Set<AddedRole>, names: AddedNames = AddedNames(), mayBringDelivery: Bool = false,
    provesSignatures: Bool = false
  ) {
    self.provesSignatures = provesSignatures && roles.contains(.delivery)
    self.roles = roles
    self.names = names
    self.mayBringDelivery = mayBringDelivery && !roles.contains(.delivery)
    // What is not there has no name: two lists that say the same are equal.
    for role in AddedRole.allCases where !isLookedFor(role) { self.names[role] = role.rawValue }
  }

  /// All of them: what is taken for added where nobody noted what was.
  public static let unnoted = {
    var members = AddedMembers(Set(AddedRole.allCases))
    members.isNoted = false
    return members
  }()

  /// True if a member is looked for, believed or not.
  public func isLookedFor(_ role: AddedRole) -> Bool {
    roles.contains(role) || role == .delivery && mayBringDelivery
  }

  /// Where events have the value of a slot, which has to be one that is written; nil if none can be there.
  public func pointer(to slot: AddedSlot) -> JSONPointer? {
    if let role = AddedRole.allCases.first(where: { $0.slot == slot }) {
      return pointer(toMember: role)
    }
    guard let member = AddedMember.ofAttribution.first(where: { $0.slot == slot }) else {
      preconditionFailure("slot \(slot) is never written")
    }
    return pointer(toMember: .attribution)?.appending(member.name)
  }

  /// Where events have a member; nil if it cannot be there.
  public func pointer(toMember role: AddedRole) -> JSONPointer? {
    roles.contains(role) ? JSONPointer(member: names[role]) : nil
  }

  /// What the attribution is called; nil if there cannot be one.
  public var attributionName: String? { roles.contains(.attribution) ? names[.attribution] : nil }

  /// Where events have the names of the flags of their attribution; nil if there cannot be any.
  public var flags: JSONPointer? { pointer(toMember: .attribution)?.appending("flags") }
}

public import Bytes
public import Engine
public import JSONText
package import Settings

/// Where a vendor's events keep account, actor, time and the like: for each role the pointers to try, in
/// their order.
public struct Dialect: Sendable {
  /// Its name in definitions.
  public var name: String
  /// The built-in one that it is or extends; nil if it is a definition's own.
  public internal(set) var base: String?
  /// Pointers by role; a role that is not here has none.
  public var pointers: [Role: [JSONPointer]]
  /// Filters of the values at the role's pointers, in their order. Of roles in `filteredRoles` alone.
  var filters: [Role: [[ValueFilter]]] = [:]
  /// Values that may be JSON inside of a string.
  public internal(set) var texts: [JSONPointer] = []
  /// For each place of `claims` what the one claim is called that a text there is; nil where only an object
  /// is claims.
  var claimNames: [String?] = []
  /// With what ids of tokens begin; what begins otherwise at the place of a token is none. Empty for all.
  public internal(set) var tokenPrefix = ""
  /// How its times are read where they do not say all by themselves.
  public var times = TimeRules()
  /// Where a definition speaks of it; nil if none does.
  public internal(set) var provenance: DialectProvenance?

  /// A dialect.
  public init(name: String, pointers: [Role: [JSONPointer]], times: TimeRules = TimeRules()) {
    self.name = name
    self.pointers = pointers
    self.times = times
  }

  /// True if events of the other one are read in the same way, whatever it is called.
  public func reads(as other: Dialect) -> Bool {
    pointers.filter { $0.key.isNoted } == other.pointers.filter { $0.key.isNoted }
      && times == other.times
  }

  /// True if events that were archived under `earlier` are read as this one reads them or, of a built-in one,
  /// as an earlier version of this program has read them: what it knows of a vendor may grow, as long as
  /// events are of the same times.
  public func follows(_ earlier: Dialect) -> Bool {
    let own = pointers.filter { !$0.value.isEmpty && $0.key.isNoted }
    let isSame =
      name == base && name == earlier.name
      ? earlier.pointers[.time] == own[.time] : earlier.pointers == own
    // Rules for times that were read in no way before change none of those that were.
    return isSame && (earlier.times == times || earlier.times == TimeRules())
  }

  /// Reserves slots for all pointers.
  public func bind(_ table: inout PointerTable) -> BoundDialect {
    BoundDialect(
      RoleSlots(pointers, in: &table, tokenPrefix: tokenPrefix), PlaceFilters(filters, pointers),
      InnerPlaces(pointers, inside: texts, &table), EventTimeReader(times), claimNames)
  }

  /// Roles whose values can be filtered: ids that tables are searched for. What an archived event says of the
  /// others has to be what the event itself says, wherever it is asked.
  static let filteredRoles: Set<Role> = [.token, .key, .run]
}

/// Where a definition speaks of its dialect, and what of it is its own.
public struct DialectProvenance: Sendable {
  /// A pointer that the definition writes.
  public struct Pointer: Sendable {
    /// What it is for.
    public let role: Role
    /// The pointer.
    public let pointer: JSONPointer
    /// What shapes the value that it leads to.
    var filters: [ValueFilter] = []
    /// Which claim a text is that it leads to; nil where only an object is claims.
    var claimName: String?
    /// Where it is written.
    package let position: SourcePosition
  }

  /// Where the dialect is named, or its object begins.
  package let position: SourcePosition
  /// The pointers that are the definition's own, in the order of the roles.
  public internal(set) var own: [Pointer] = []

  init(position: SourcePosition) { self.position = position }
}

/// A dialect whose pointers have slots in a batch.
public struct BoundDialect: Sendable {
  let slots: RoleSlots
  private let filters: PlaceFilters?
  private let inner: InnerPlaces?
  private let times: EventTimeReader
  /// What comes before the one claim that a text is, by the places of `claims`: `{"name":`.
  private let claimLeads: [[UInt8]?]

  fileprivate init(
    _ slots: RoleSlots, _ filters: PlaceFilters?, _ inner: InnerPlaces?, _ times: EventTimeReader,
    _ claimNames: [String?]
  ) {
    self.slots = slots
    self.filters = filters
    self.inner = inner
    self.times = times
    claimLeads = claimNames.map { name in
      guard let name else { return nil }
      var lead = ByteBuffer()
      lead.append(UInt8(ascii: "{"))
      JSONString.append(quoting: name, to: &lead)
      lead.append(UInt8(ascii: ":"))
      return lead.bytes
    }
  }

  /// The slots for `role`, in the order in which they are tried.
  public func slots(_ role: Role) -> [Int] { slots.places(role).map { slots[$0] } }

  /// The first of the role's values that is there (null, "" and {} are not), whatever it is.
  @inline(__always) public func field(_ role: Role, _ batch: Batch, _ index: Int) -> Field? {
    for place in slots.places(role) {
      let field = batch.field(slots[place], of: index)
      if role == .token, !slots.isToken(field, batch, index) { continue }
      if !BoundDialect.isNothing(field, batch, index) { return field }
    }
    return nil
  }

  /// True for what does not hide the next place of its role.
  @inline(__always)
  private static func isNothing(_ field: Field, _ batch: Batch, _ index: Int) -> Bool {
    field.isNothing(batch.bytes[batch.absolute(field.span, of: index)])
  }

  /// The first of the role's values that is there, as text in `batch.bytes`: of a string its
  /// content, unescaped; of a number or boolean its digits or letters; nil for an object or array. Where
  /// the place has filters, what they leave of it; nothing is not there.
  public func scalar(_ role: Role, _ batch: Batch, _ index: Int) -> Span32? {
    for place in slots.places(role) {
      let slot = slots[place]
      let field = batch.field(slot, of: index)
      // Nearly all that an event has not is simply not there.
      if field.kind == .missing, inner == nil { continue }
      var text: Span32?
      if role == .token, !slots.isToken(field, batch, index) { continue }
      if !BoundDialect.isNothing(field, batch, index) {
        text = batch.scalar(slot, of: index)
        if text == nil { return nil }
      } else if let inner {
        text = inner.scalar(place, batch, index)
      }
      guard let text else { continue }
      guard let filters else { return text }
      if let filtered = filters.filtered(place, text, batch) { return filtered }
    }
    return nil
  }

  /// The claims in the event itself, a JSON object in `batch.bytes`: the first of the role's values that is
  /// there, if it is an object, or a text where the place says which claim that is.
  public func claims(_ batch: Batch, _ index: Int) -> Span32? {
    let places = slots.places(.claims)
    for place in places {
      let field = batch.field(slots[place], of: index)
      if BoundDialect.isNothing(field, batch, index) { continue }
      let value = batch.absolute(field.span, of: index)
      let number = place - places.lowerBound
      guard claimLeads.indices.contains(number), let lead = claimLeads[number] else {
        return field.kind == .object ? value : nil
      }
      guard field.textSpan != nil else { return nil }
      let start = batch.bytes.count
      batch.bytes.append(lead)
      batch.bytes.appendOwn(value)
      batch.bytes.append(UInt8(ascii: "}"))
      return Span32(start, count: batch.bytes.count - start)
    }
    return nil
  }

  /// The event's own time: the first of the pointers whose value can be read as one.
  public func time(_ batch: Batch, _ index: Int) -> Timestamp? {
    for place in slots.places(.time) {
      let slot = slots[place]
      guard let text = batch.scalar(slot, of: index) else { continue }
      let kind = batch.field(slot, of: index).kind
      if let time = times.time(kind, batch.bytes[text]) { return time }
    }
    return nil
  }

  /// The time that a value somewhere in an event is, by the rules for times of events; nil if it is none.
  func timeOfValue(_ kind: ValueKind, _ text: ByteView) -> Timestamp? { times.time(kind, text) }

  /// What stands where the time of an event should be, and cannot be read as one; nil if nothing does.
  public func unreadableTime(_ batch: Batch, _ index: Int) -> UnreadableTime? {
    for place in slots.places(.time) {
      let slot = slots[place]
      let kind = batch.field(slot, of: index).kind
      guard kind != .missing, kind != .null else { continue }
      guard let text = batch.scalar(slot, of: index) else {
        return UnreadableTime(text: kind == .array ? "an array" : "an object", lacksZone: false)
      }
      return UnreadableTime(kind, batch.bytes[text])
    }
    return nil
  }
}

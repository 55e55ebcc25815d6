public import Bytes
internal import JSONText

/// Applies display policies to claims, one object after the other. One for each worker.
public struct ClaimReader: ~Copyable {
  /// What an object of claims comes to. Spans lie in the reader's `output`.
  public struct Reading: Sendable, BitwiseCopyable {
    /// The display actor as a JSON string; empty if no candidate is there.
    public var display = Span32.empty
    /// Which of the policies' candidates it is; -1 if none is there.
    public var candidate: Int32 = -1
    /// `displayCleaned`, `imitatesActor`.
    public var flags: UInt32 = 0
    /// The claims to keep, a JSON object; empty if none is there.
    public var retained = Span32.empty
  }

  /// The text that the last reading points into.
  public private(set) var output = ByteBuffer(capacity: 1024)
  private let policies: DisplayPolicies
  private let scanner: Scanner
  private var fields: FlatArray<Field>
  private var text = ByteBuffer(capacity: 256)
  private var shown = ByteBuffer(capacity: 256)

  /// A reader that applies `policies`.
  public init(_ policies: DisplayPolicies) {
    self.policies = policies
    scanner = Scanner(policies.pointers)
    fields = FlatArray(capacity: policies.pointers.count)
    fields.append(repeating: .missing, count: policies.pointers.count)
  }

  /// Reads `claims`; nil if that is no JSON object.
  public mutating func read(_ claims: ByteView) -> Reading? {
    guard let target = fields.elements.baseAddress else { return nil }
    let scan = scanner.scanWhole(claims, fields: target)
    guard scan.fault == .none, scan.kind == .object else { return nil }
    text.removeAll()
    text.append(claims)
    output.removeAll()
    var reading = Reading()
    show(&reading)
    retain(&reading)
    return reading
  }

  /// Whether a claim of the last object is there, and where: its exact name before the pointer.
  private func field(_ claim: DisplayPolicies.Claim) -> Field? {
    let exact = fields[claim.exact]
    if exact.kind != .missing { return ClaimReader.usable(exact) }
    guard let pointed = claim.pointed else { return nil }
    return ClaimReader.usable(fields[pointed])
  }

  private static func usable(_ field: Field) -> Field? {
    switch field.kind {
    case .string: field.count > 2 ? field : nil
    case .number, .true, .false: field
    case .missing, .null, .object, .array: nil
    }
  }

  private mutating func show(_ reading: inout Reading) {
    guard let policy = policies.policies.first(where: { isFrom($0.issuer) }) else { return }
    for index in policy.candidates {
      guard compose(policies.candidates[index]) else { continue }
      let start = output.count
      let isCleaned = DisplayText.append(shown.view, to: &output)
      reading.display = Span32(start, count: output.count - start)
      reading.candidate = Int32(index)
      var flags: AttributionFlags = []
      if isCleaned { flags.insert(.displayCleaned) }
      if DisplayText.imitatesActor(shown.view) { flags.insert(.imitatesActor) }
      reading.flags = flags.rawValue
      return
    }
  }

  private mutating func isFrom(_ issuer: [UInt8]?) -> Bool {
    guard let issuer else { return true }
    guard let field = field(policies.issuer), field.kind == .string else { return false }
    shown.removeAll()
    RowReader.append(field, of: text.view, to: &shown)
    return shown.view.elementsEqual(issuer)
  }

  /// Puts the candidate's text into `shown`; false if one of its claims is missing.
  private mutating func compose(_ candidate: DisplayPolicies.Candidate) -> Bool {
    shown.removeAll()
    for part in candidate.parts {
      switch part {
      case .text(let bytes): shown.append(bytes)
      case .claim(let claim):
        guard let field = field(claim) else { return false }
        RowReader.append(field, of: text.view, to: &shown)
      }
    }
    return true
  }

  private mutating func retain(_ reading: inout Reading) {
    let start = output.count
    for claim in policies.retained {
      guard let field = field(claim) else { continue }
      output.append(output.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
      JSONString.append(quoting: claim.name, to: &output)
      output.append(UInt8(ascii: ":"))
      output.append(text[field.span])
    }
    guard output.count > start else { return }
    output.append(UInt8(ascii: "}"))
    reading.retained = Span32(start, count: output.count - start)
  }

  // MARK: What the store needs to know of the last object

  /// When the token was issued, in microseconds since 1970.
  var issuedAt: Int64? { field(policies.issuedAt).flatMap { RowReader.time($0, of: text.view) } }

  /// When the token expires, in microseconds since 1970.
  var expiresAt: Int64? { field(policies.expiresAt).flatMap { RowReader.time($0, of: text.view) } }

  /// Appends the token's id; false if there is none.
  func appendToken(to buffer: inout ByteBuffer) -> Bool {
    guard let field = field(policies.token) else { return false }
    RowReader.append(field, of: text.view, to: &buffer)
    return true
  }
}

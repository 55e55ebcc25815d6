/// What is looked for, made ready.
public final class SecretPlan: Sendable {
  /// How an anchor goes on.
  enum Shape: Sendable {
    /// The number of a `PrefixedSecret`.
    case prefixed(Int)
    case url, basic, privateKey, awsAccess, awsSecret, paseto
    /// `"alg"` in base64, in a header of a token.
    case header
    /// `{"` in base64 in base64; the anchor begins at this place in a group of four.
    case encodedHeader(Int)
    /// The name `alg` of a member.
    case algorithm
  }

  /// The kinds that are looked for.
  public let kinds: Set<SecretKind>
  /// Tells which texts have no anchor.
  let gate: SecretGate
  /// By the place in the gate's table: where in `shapes` the first and the last shape of an anchor are.
  let ranges: [Range<Int32>]
  let shapes: [Shape]

  /// Makes ready to look for `kinds`.
  public init(_ kinds: Set<SecretKind> = Set(SecretKind.allCases)) {
    self.kinds = kinds
    let gate = SecretGate()
    var ranges = [Range<Int32>](repeating: 0..<0, count: SecretGate.slots)
    var shapes: [Shape] = []
    for (anchor, ways) in SecretPlan.anchors(kinds) {
      ranges[gate.add(Array(anchor.utf8))] = Int32(shapes.count)..<Int32(shapes.count + ways.count)
      shapes += ways
    }
    self.gate = gate
    self.ranges = ranges
    self.shapes = shapes
  }

  /// The shapes by their anchors, each anchor once, in an order that is always the same.
  private static func anchors(_ kinds: Set<SecretKind>) -> [(String, [Shape])] {
    var anchors: [(kind: SecretKind, anchor: String, shape: Shape)] = []
    func add(_ kind: SecretKind, _ texts: [String], _ shape: Shape) {
      for text in texts { anchors.append((kind, text, shape)) }
    }
    let letters = (0x30..<0x7B).map { UInt8($0) }.filter(SecretAlphabet.isAlphanumeric)
      .map { String(Unicode.Scalar($0)) }
    for (number, secret) in PrefixedSecret.all.enumerated() {
      let rest = "\(secret.prefix)".utf8.dropFirst(secret.anchor)
      let text = String(decoding: rest.prefix(SecretGate.anchorLength), as: UTF8.self)
      add(
        secret.kind, text.utf8.count < SecretGate.anchorLength ? letters.map { text + $0 } : [text],
        .prefixed(number))
    }
    add(.urlPassword, letters.map { $0 + "://" }, .url)
    add(.basicAuth, ["asic", "ASIC"], .basic)
    add(.privateKey, ["BEGI"], .privateKey)
    add(.aws, ["ssKe", "ss_k", "ss_K", "SS_K", "ss-k", "ss-K", "SS-K", "SSKE"], .awsAccess)
    add(.aws, ["ws_s", "WS_S", "ws-s", "ws.s", "wsSe", "WSSe"], .awsSecret)
    add(.paseto, (1...4).flatMap { ["v\($0).l", "v\($0).p"] }, .paseto)
    // `"alg` in base64, wherever its groups begin; and `\u00`, behind which its letters may hide.
    for kind in [SecretKind.jwt, .jwsJSON] {
      add(kind, ["mFsZ", "hbGc", "YWxn", "XHUw", "x1MD", "dTAw"], .header)
    }
    add(.jwsJSON, ["alg\"", "alg\\", "alg%"], .algorithm)
    // `eyJ` and `eyI`, with which headers begin, in base64, wherever its groups begin.
    add(.jwtBase64, ["ZXlK", "ZXlJ"], .encodedHeader(0))
    add(.jwtBase64, "jklmnTUVWX".map { "V5S\($0)" }, .encodedHeader(2))
    add(.jwtBase64, ["leUp", "leUo", "leUl", "leUk"], .encodedHeader(3))
    return grouped(anchors.filter { kinds.contains($0.kind) })
  }

  private static func grouped(
    _ anchors: [(kind: SecretKind, anchor: String, shape: Shape)]
  ) -> [(String, [Shape])] {
    var grouped: [(String, [Shape])] = []
    var numbers: [String: Int] = [:]
    for (_, anchor, shape) in anchors {
      guard let number = numbers[anchor] else {
        numbers[anchor] = grouped.count
        grouped.append((anchor, [shape]))
        continue
      }
      // Two kinds may look for the same.
      if case .header = shape { continue }
      grouped[number].1.append(shape)
    }
    return grouped
  }
}

internal import Bytes
internal import JSONText

/// Reads who acts with a token that is about somebody else: the claim `act` of RFC 8693, whose own `act` is
/// who acted before.
struct ActClaim: ~Copyable {
  /// One link more than a chain may have tells that there are too many.
  private static let levels = ClaimChain.mostLinks + 1
  private static let name: StaticString = "\"act\""

  private let scanner: Scanner
  private var fields: FlatArray<Field>
  private var text = ByteBuffer(capacity: 64)

  init() {
    var table = PointerTable()
    var pointer = JSONPointer.whole
    for _ in 0..<ActClaim.levels {
      pointer = pointer.appending("act")
      _ = table.slot(pointer.appending("sub"))
    }
    // Behind all of them what is one level deeper.
    _ = table.slot(pointer.appending("act"))
    scanner = Scanner(PointerSet(table.pointers))
    fields = FlatArray(capacity: ActClaim.levels + 1)
    fields.append(repeating: .missing, count: ActClaim.levels + 1)
  }

  /// False if claims have no `act`, at a glance. Its name may be written with escapes: where there are any,
  /// there may be one.
  static func mayHave(_ claims: ByteView) -> Bool {
    guard let base = claims.baseAddress else { return false }
    if TokenText.next(UInt8(ascii: "\\"), base, from: 0, to: claims.count) != nil { return true }
    let wanted = ByteView(start: name.utf8Start, count: name.utf8CodeUnitCount)
    var at = 0
    while let quote = TokenText.next(UInt8(ascii: "\""), base, from: at, to: claims.count) {
      guard claims.count - quote >= wanted.count else { return false }
      if claims[quote..<quote + wanted.count].elementsEqual(wanted) { return true }
      at = quote + 1
    }
    return false
  }

  /// Appends a link for each party that acts and has a name, `{"actor":"…"}` and a comma, the present one
  /// first; how many there are, and more than a chain may have if they go deeper than is looked.
  mutating func append(of claims: ByteView, to links: inout ByteBuffer) -> Int {
    guard ActClaim.mayHave(claims), let target = fields.elements.baseAddress else { return 0 }
    let scan = scanner.scanWhole(claims, fields: target)
    guard scan.fault == .none else { return 0 }
    var count = 0
    for level in 0..<ActClaim.levels {
      text.removeAll()
      guard fields[level].appendText(in: claims, to: &text), !DisplayText.isBlank(text.view)
      else { continue }
      links.append("{\"actor\":")
      _ = DisplayText.append(text.view, to: &links)
      links.append("},")
      count += 1
    }
    return fields[ActClaim.levels].kind == .object ? ActClaim.levels : count
  }
}

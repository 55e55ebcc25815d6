internal import JSONText

/// How a definition names a claim: by its exact name or, if that begins with `/` and there is no such claim,
/// as a JSON Pointer; or by a pointer only, so that no claim that is called so comes before what the issuer
/// has put there.
public struct ClaimName: Equatable, Sendable, ExpressibleByStringLiteral {
  /// The name or the pointer, as it is written.
  public let text: String
  /// True for a pointer only.
  public let isPointer: Bool

  /// A claim by its name, or by a pointer where there is none of that name.
  public init(_ name: String) {
    text = name
    isPointer = false
  }

  /// A claim by a pointer only.
  public init(pointer: String) {
    text = pointer
    isPointer = true
  }

  /// A claim by its name.
  public init(stringLiteral name: String) { self.init(name) }

  /// What stands before a pointer in the braces of a template: `{pointer:/a/b}`.
  static let pointerMark = "pointer:"

  /// As the braces of a template have it, filters left out.
  init(inBraces text: String) {
    if text.utf8.starts(with: ClaimName.pointerMark.utf8) {
      self.init(pointer: String(text.dropFirst(ClaimName.pointerMark.count)))
    } else {
      self.init(text)
    }
  }

  /// True if both are the same claim, byte by byte, as claims are looked up: `String` takes é and e with an
  /// accent for equal.
  public static func == (left: ClaimName, right: ClaimName) -> Bool {
    left.isPointer == right.isPointer && left.text.utf8.elementsEqual(right.text.utf8)
  }
}

/// A claim's places: the member with exactly its name, and what its name points to.
struct BoundClaim: Sendable {
  let name: String
  /// Nil if it is named by a pointer only.
  let exact: Int?
  let pointed: Int?

  init(_ claim: ClaimName, _ table: inout PointerTable) throws(PolicyError) {
    name = claim.text
    exact = claim.isPointer ? nil : table.slot(JSONPointer(member: claim.text))
    let isPointer = claim.text.utf8.first == UInt8(ascii: "/")
    guard isPointer || !claim.isPointer else {
      throw PolicyError(
        description:
          "\(claim.text.debugDescription) is no pointer to a claim: it must start with \"/\"")
    }
    do {
      pointed = isPointer ? table.slot(try JSONPointer(claim.text)) : nil
    } catch {
      throw PolicyError(description: "\(error)")
    }
  }

  /// True if the two can be the same claim.
  func meets(_ other: BoundClaim) -> Bool {
    [exact, pointed].contains { $0 != nil && ($0 == other.exact || $0 == other.pointed) }
  }

  /// True if both are looked for in the same places.
  func isSame(as other: BoundClaim) -> Bool { exact == other.exact && pointed == other.pointed }
}

public import Bytes

// What the claims of a token come to, as bytes that can be interned, so that the many tokens of one
// caller share one rendering:
//
//   u32 bytes of the claims to keep   u16 number of variants   u16 flags if no policy fits
//   for each variant:  i16 policy   i16 candidate   u32 flags   u32 bytes shown   u32 bytes of identity
//   the claims to keep, a JSON object (no bytes if there are none)
//   for each variant:  what is shown, a JSON string (no bytes if no candidate is there); its identity
//
// There is a variant for each policy that can be the first to fit, depending on the event; with
// policies that ask for the issuer alone there is one at most. Numbers are little-endian.
//
// The identity is the digest of the text before it was cleaned, where cleaning changed it: two texts
// that look the same once cleaned are not the same actor.

/// The claims of a token, rendered.
public struct ClaimRendering: BitwiseCopyable {
  /// What is shown of the claims in one event.
  public struct Shown: BitwiseCopyable {
    /// The policy that decides; -1 if none fits.
    public let policy: Int
    /// Which of the policies' candidates; -1 if none is there.
    public let candidate: Int
    /// `displayCleaned`, `imitatesActor`, `untrustedIssuer`.
    public let flags: UInt32
    /// The display actor as a JSON string; empty if no candidate is there.
    public let text: ByteView
    /// What tells it from others: `text`, and the digest of what it was before it was cleaned.
    let identity: ByteView
  }

  static let headerCount = 8
  static let variantCount = 16
  /// The bit of a variant's flags that says that the policy asks for the key's name.
  static let asksForName: UInt32 = 1 << 31

  private let bytes: ByteView

  init(_ bytes: ByteView) { self.bytes = bytes }

  private func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, at offset: Int
  ) -> Number {
    Number(
      littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: type))
  }

  private var variants: Int { Int(number(UInt16.self, at: 4)) }

  /// The claims to keep, a JSON object; empty if there are none.
  public var claims: ByteView {
    let start = ClaimRendering.headerCount + variants * ClaimRendering.variantCount
    return ByteView(rebasing: bytes[start..<start + Int(number(UInt32.self, at: 0))])
  }

  /// Calls `body` with the display actors, JSON strings, of all events that there can be.
  func forEachShown(_ body: (ByteView) -> Void) {
    var end = ClaimRendering.headerCount + variants * ClaimRendering.variantCount
    end += Int(number(UInt32.self, at: 0))
    for index in 0..<variants {
      let at = ClaimRendering.headerCount + index * ClaimRendering.variantCount
      let count = Int(number(UInt32.self, at: at + 8))
      if count > 0 { body(ByteView(rebasing: bytes[end..<end + count])) }
      end += count + Int(number(UInt32.self, at: at + 12))
    }
  }

  /// What is shown in an event that `selector` describes.
  public func shown(_ selector: PolicySelector) -> Shown {
    let count = variants
    var end =
      ClaimRendering.headerCount + count * ClaimRendering.variantCount
      + Int(number(UInt32.self, at: 0))
    for index in 0..<count {
      let at = ClaimRendering.headerCount + index * ClaimRendering.variantCount
      let policy = number(Int16.self, at: at)
      let flags = number(UInt32.self, at: at + 4)
      let shownCount = Int(number(UInt32.self, at: at + 8))
      let identityCount = shownCount + Int(number(UInt32.self, at: at + 12))
      let bit: UInt64 = 1 << UInt64(policy)
      if selector.accounts & bit != 0,
        flags & ClaimRendering.asksForName == 0 || selector.names & bit != 0
      {
        return Shown(
          policy: Int(policy), candidate: Int(number(Int16.self, at: at + 2)),
          flags: flags & ~ClaimRendering.asksForName,
          text: ByteView(rebasing: bytes[end..<end + shownCount]),
          identity: ByteView(rebasing: bytes[end..<end + identityCount]))
      }
      end += identityCount
    }
    let nothing = ByteView(rebasing: bytes[end..<end])
    return Shown(
      policy: -1, candidate: -1, flags: UInt32(number(UInt16.self, at: 6)), text: nothing,
      identity: nothing)
  }
}

internal import Bytes
internal import JSONText

/// Reads the members of objects and the elements of arrays as text.
final class ElementTexts {
  private let scanner = Scanner(.everyElement)
  private var scratch = ByteBuffer(capacity: 256)

  /// Calls `body` with the text of each member or element of `container` that has one, until it returns true;
  /// whether it did. False for what is no object or array. A view is valid until `body` returns.
  func any(of container: ByteView, _ body: (ByteView) -> Bool) -> Bool {
    guard let first = container.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return false }
    var isFound = false
    let scan = scanner.collect(container) { match in
      guard !isFound, let text = match.field.text(in: container, scratch: &scratch) else { return }
      isFound = body(text)
    }
    return isFound && scan.fault == .none
  }
}

internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

extension Batch {
  /// The complete event of record `index`, its closing brace included, as it stands in `bytes`;
  /// it is put there if something else follows the body.
  func completeEvent(of index: Int) -> Span32 {
    let body = records[index].body
    if body.end < bytes.count && bytes.base[body.end] == UInt8(ascii: "}") {
      return Span32(start: body.start, count: body.count + 1)
    }
    let start = bytes.count
    bytes.appendOwn(body)
    bytes.append(UInt8(ascii: "}"))
    return Span32(start, count: bytes.count - start)
  }
}

extension Batch {
  /// Appends text that lies in `bytes` as a JSON string.
  func appendQuoted(_ text: Span32) {
    // Escaping makes six bytes of one at most: with this reserve the text stays where it is.
    bytes.reserve(Int(text.count) * 6 + 2)
    let view = bytes[text]
    JSONString.append(quoting: view, to: &bytes)
  }

  /// Puts the original actor, taken apart, into its slot.
  func addActor(_ event: EventActor, to index: Int) {
    guard event.text != nil else { return }
    let start = bytes.count
    BatchText.append(event.actor, to: &bytes)
    self[.actor, index] = Span32(start, count: bytes.count - start)
  }

  /// The text of a span, for people.
  func string(_ span: Span32) -> String { String(decoding: bytes[span], as: UTF8.self) }
}

extension ByteView {
  /// True if these are the bytes of `text`.
  func equals(_ text: StaticString) -> Bool {
    elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}

private enum BatchText {
  /// In one access to the batch's bytes, as nearly every event has an actor.
  static func append(_ actor: Actor, to bytes: inout ByteBuffer) {
    // Escaping makes six bytes of one at most: with this reserve the text stays where it is.
    bytes.reserve((Int(actor.source.count) + Int(actor.id.count)) * 6 + 32)
    if actor.source.isEmpty {
      bytes.append("{\"id\":")
    } else {
      bytes.append("{\"source\":")
      JSONString.append(quoting: bytes[actor.source], to: &bytes)
      bytes.append(",\"id\":")
    }
    JSONString.append(quoting: bytes[actor.id], to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }
}

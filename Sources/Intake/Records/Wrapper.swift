internal import Bytes
internal import Engine
internal import JSONText

/// What a log service puts around a record: the record is the object at a pointer, or the text of the string
/// there.
struct Wrapper: Sendable {
  private let pointer: JSONPointer
  private let slot: Int

  /// The wrapper of records at `pointer`; nil if they stand by themselves.
  init?(_ pointer: JSONPointer?, _ table: inout PointerTable) {
    guard let pointer else { return nil }
    self.pointer = pointer
    slot = table.slot(pointer)
  }

  /// Finds in what was scanned as record `index` the text of the record; nil, after turning it away, where
  /// there is none.
  func content(_ batch: Batch, _ index: Int) -> Span32? {
    let field = batch.field(slot, of: index)
    switch field.kind {
    case .object: return batch.absolute(field.span, of: index)
    case .string:
      let content = batch.absolute(field.content, of: index)
      guard let text = field.isEscaped ? batch.unescapedExactly(content) : content else {
        refuse(batch, index, "is no text: half of a surrogate pair is escaped in it")
        return nil
      }
      return text
    default:
      refuse(batch, index, "is no record: an object, or a string that holds one, belongs there")
      return nil
    }
  }

  /// Turns record `index` away for what its wrapper holds.
  func refuse(_ batch: Batch, _ index: Int, _ what: String) {
    batch.reject(
      index, .unreadable, by: -1, "what stands at \(pointer.description) (input.wrapper) \(what)")
  }
}

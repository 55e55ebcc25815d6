public import Bytes
public import Engine
public import JSONText

/// A place inside of a string of an event that is JSON itself, as some logs write their objects.
public struct InnerPlace: Sendable {
  /// The slot of the string.
  private let outer: Int
  /// For what the rest of the pointer leads to.
  private let rest: PointerSet

  /// The place at `pointer`, where the value at `text`, which it leads through, is a string.
  init(_ pointer: JSONPointer, inside text: JSONPointer, _ table: inout PointerTable) {
    outer = table.slot(text)
    rest = PointerSet([JSONPointer(tokens: pointer.tokens[text.tokens.count...])])
  }

  /// The place at `pointer`, if one of the places that may be such strings lies on the way.
  public init?(
    _ pointer: JSONPointer, inside texts: [JSONPointer], _ table: inout PointerTable
  ) {
    let text = texts.first { text in
      text.tokens.count < pointer.tokens.count && pointer.tokens.starts(with: text.tokens)
    }
    guard let text else { return nil }
    self.init(pointer, inside: text, &table)
  }

  /// The value there as text in `batch.bytes`; nil if there is no such string, it is no JSON, or there is
  /// nothing, an object or an array in it.
  public func scalar(_ batch: Batch, _ index: Int) -> Span32? {
    // `{}`, as most of them are, has nothing in it.
    guard batch.field(outer, of: index).count > 4, let text = batch.string(outer, of: index) else {
      return nil
    }
    guard let found = batch.scanText(text, for: rest) else { return nil }
    let value = batch.bytes[Span32(start: text.start &+ found.start, count: found.count)]
    guard !found.isNothing(value), let inner = found.textSpan else { return nil }
    let span = Span32(start: text.start &+ inner.start, count: inner.count)
    return found.isEscaped ? batch.unescaped(span) : span
  }
}

/// The places of a dialect that may lie inside of strings, by their places among those of all roles. Most
/// dialects have none of these, so that nobody has to look.
final class InnerPlaces: Sendable {
  private let byPlace: [InnerPlace?]

  /// Nil if no role has any.
  init?(
    _ pointers: [Role: [JSONPointer]], inside texts: [JSONPointer], _ table: inout PointerTable
  ) {
    guard !texts.isEmpty else { return nil }
    var places: [InnerPlace?] = []
    for role in Role.allCases {
      for pointer in pointers[role] ?? [] {
        // Searches look for the others where they are found without looking into strings.
        places.append(role == .key ? InnerPlace(pointer, inside: texts, &table) : nil)
      }
    }
    guard places.contains(where: { $0 != nil }) else { return nil }
    byPlace = places
  }

  /// What a place has inside of a string, as text in `batch.bytes`.
  func scalar(_ place: Int, _ batch: Batch, _ index: Int) -> Span32? {
    byPlace[place]?.scalar(batch, index)
  }
}

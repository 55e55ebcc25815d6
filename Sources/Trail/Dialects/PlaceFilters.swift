internal import Bytes
internal import Engine
internal import JSONText

/// Filters of values that a dialect finds, by their places among those of all roles. A dialect without any
/// has none of these, so that nobody has to look.
final class PlaceFilters: Sendable {
  private let byPlace: [[ValueFilter]]

  /// Nil if no role has any.
  init?(_ filters: [Role: [[ValueFilter]]], _ pointers: [Role: [JSONPointer]]) {
    guard filters.values.contains(where: { $0.contains { !$0.isEmpty } }) else { return nil }
    byPlace = Role.allCases.flatMap { role in
      (pointers[role] ?? []).indices.map { place in
        let own = filters[role] ?? []
        return own.indices.contains(place) ? own[place] : []
      }
    }
  }

  /// What the filters of a place leave of `text`, which lies in the batch; nil if that is nothing.
  func filtered(_ place: Int, _ text: Span32, _ batch: Batch) -> Span32? {
    guard !byPlace[place].isEmpty else { return text }
    let start = batch.bytes.count
    batch.bytes.appendOwn(text)
    for filter in byPlace[place] { filter.apply(to: &batch.bytes, from: start) }
    let count = batch.bytes.count - start
    return count > 0 ? Span32(start, count: count) : nil
  }
}

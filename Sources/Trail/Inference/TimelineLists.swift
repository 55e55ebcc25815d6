internal import Bytes
internal import Synchronization

/// Timelines by the key they are of and the selector they are for, made when they are first asked for.
///
/// Each key has a list, linked from its newest; a new one is published with a release store once it is
/// complete, and none is ever removed or changed. So whoever looks needs no lock, and finds what
/// others have made or makes it: the same, whoever makes it.
final class TimelineLists: @unchecked Sendable {
  // Sendable because lists grow under the lock alone, and what they hold does not change.

  private struct Node {
    let selector: PolicySelector
    let timeline: UnsafeMutablePointer<ClaimTimeline>
    let next: UnsafeMutablePointer<Node>?
  }

  private let heads: UnsafeMutablePointer<Atomic<UInt>>
  private let count: Int
  private let growing = Mutex(())

  init(count: Int) {
    self.count = count
    heads = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: max(count, 1))
    for index in 0..<count { (heads + index).initialize(to: Atomic(0)) }
  }

  deinit {
    for index in 0..<count {
      var node = head(index)
      while let current = node {
        node = current.pointee.next
        current.pointee.timeline.deinitialize(count: 1)
        current.pointee.timeline.deallocate()
        current.deallocate()
      }
    }
    heads.deallocate()
  }

  private func head(_ index: Int) -> UnsafeMutablePointer<Node>? {
    UnsafeMutablePointer(bitPattern: heads[index].load(ordering: .acquiring))
  }

  /// The timeline of list `index` for `selector`, which `make` makes if there is none. It lives as long
  /// as the lists.
  func find(
    _ index: Int, _ selector: PolicySelector, _ make: () -> ClaimTimeline
  ) -> UnsafePointer<ClaimTimeline> {
    if let known = known(index, selector) { return known }
    return growing.withLock { _ in
      if let known = known(index, selector) { return known }
      let timeline = UnsafeMutablePointer<ClaimTimeline>.allocate(capacity: 1)
      timeline.initialize(to: make())
      let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
      node.initialize(to: Node(selector: selector, timeline: timeline, next: head(index)))
      heads[index].store(UInt(bitPattern: node), ordering: .releasing)
      return UnsafePointer(timeline)
    }
  }

  /// The timeline of list `index` for `selector`; nil if none was made yet.
  func known(_ index: Int, _ selector: PolicySelector) -> UnsafePointer<ClaimTimeline>? {
    var node = head(index)
    while let current = node {
      if current.pointee.selector == selector { return UnsafePointer(current.pointee.timeline) }
      node = current.pointee.next
    }
    return nil
  }
}

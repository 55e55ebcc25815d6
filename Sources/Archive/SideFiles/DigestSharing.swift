package import Bytes
internal import History
internal import Trail

/// How the digests of deliveries are divided among files.
///
/// A day of which a run writes many has a file of its own, and files of one day are merged among themselves:
/// so what a look-up costs does not grow with the years. The rest goes to a mixed file.
package struct DigestSharing: Sendable {
  /// The rule by which times of this run's events are read; nil if its digests say nothing of a time.
  package var rule: Digest256?
  /// Digests for one day that are not many yet: 2^20.
  package var mixed = 1 << 20
  /// Digests from which on files are not merged any more: 2^26, 2 GiB.
  package var largestMerged = 1 << 26
  /// Days that the row of a mixed file lists at most.
  package var listedDays = EventDays.most

  /// A run whose file would be that many of one size class merges them: 4.
  static let mergedFiles = 4

  /// Files that are merged into one at most: 64. The next digests of all of them are compared, for each that
  /// comes out.
  static let mostMerged = 64

  package init(rule: Digest256?) { self.rule = rule }

  /// What files are merged with each other.
  enum Group: Hashable {
    /// Those of many digests for this day.
    case day(EventDay)
    /// Those of several days, of few digests, and of days that nobody knows.
    case mixed
  }

  /// The group of a file of so many digests; nil for one that this run merges with none. Of days by another
  /// rule nothing would be known any more.
  func group(_ records: Int, _ days: EventDays?) -> Group? {
    guard let days else { return .mixed }
    guard days.rule == rule else { return nil }
    if records > mixed, days.days.count == 1, let day = days.days.first { return .day(day) }
    return .mixed
  }

  /// The days of files that are merged; nil if nobody knows them, or they are too many to be listed.
  func days(_ files: [EventDays?]) -> EventDays? {
    guard var all = files.first ?? nil else { return nil }
    for other in files.dropFirst() {
      guard let both = all.union(other) else { return nil }
      all = both
    }
    return all.days.count <= listedDays ? all : nil
  }

  /// Those of `rows` that a new file of a group, of so many digests, is merged with: as long as it would be
  /// the fourth of its class.
  func merged(_ rows: [ManifestRow], _ group: Group, count: Int) -> [Int] {
    let alike = rows.indices.filter { self.group(rows[$0].records, rows[$0].days) == group }
    var chosen: Set<Int> = []
    var total = count
    while total <= largestMerged {
      let next = alike.filter {
        !chosen.contains($0)
          && DigestSharing.sizeClass(rows[$0].records) == DigestSharing.sizeClass(total)
      }
      .prefix(DigestSharing.mostMerged - chosen.count)
      guard next.count >= DigestSharing.mergedFiles - 1 else { break }
      chosen.formUnion(next)
      for row in next { total = total.addingReportingOverflow(rows[row].records).partialValue }
    }
    return chosen.sorted()
  }

  /// Whole logarithm to the base of four.
  static func sizeClass(_ count: Int) -> Int {
    (Int.bitWidth - 1 - max(count, 1).leadingZeroBitCount) / 2
  }
}

internal import Bytes

/// The rows of a claim store by their key, without those that are left out.
struct RowsByKey: ~Copyable {
  private var numbers: FlatArray<UInt32>
  /// Where each key's rows end in `numbers`, and a zero before the first.
  private var ends: FlatArray<UInt32>

  init(_ rows: borrowing FlatArray<ClaimRow>, keys: Int) {
    ends = FlatArray(zeros: keys + 1)
    numbers = FlatArray(zeros: rows.count)
    let rows = rows.elements
    for row in rows where !row.isLeftOut { ends[Int(row.key) + 1] += 1 }
    for key in 0..<keys { ends[key + 1] += ends[key] }
    var next = FlatArray<UInt32>(zeros: keys)
    for key in 0..<keys { next[key] = ends[key] }
    for (number, row) in rows.enumerated() where !row.isLeftOut {
      let place = Int(next[Int(row.key)])
      numbers[place] = UInt32(number)
      next[Int(row.key)] += 1
    }
  }

  var memoryBytes: Int { (numbers.count + ends.count) * MemoryLayout<UInt32>.stride }

  /// Numbers of the rows of a key.
  func rows(of key: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(rebasing: numbers.elements[Int(ends[key])..<Int(ends[key + 1])])
  }
}

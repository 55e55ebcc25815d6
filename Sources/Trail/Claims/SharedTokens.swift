internal import Bytes

/// Token ids that several rows of a claim store have: their rows, grouped by key.
struct SharedTokens: ~Copyable {
  /// The rows that have both token id and key in common.
  struct Group: BitwiseCopyable {
    var key: UInt32
    var start: UInt32
    var count: UInt32
  }

  struct Token: BitwiseCopyable {
    var firstGroup: UInt32
    var groups: UInt32
  }

  private var tokens = FlatArray<Token>()
  private var groupList = FlatArray<Group>()
  private var numbers = FlatArray<UInt32>()

  var groups: Int { groupList.count }

  /// Takes a token id's rows in, and returns its number and the rows that only repeat another one.
  /// `isBefore` puts rows of one key into an order that does not depend on that in which they came; of two
  /// that it does not tell apart, one repeats the other.
  mutating func add(
    _ rows: [UInt32], key: (UInt32) -> UInt32, isBefore: (UInt32, UInt32) -> Bool
  ) -> (number: Int, repeated: [UInt32]) {
    let sorted = rows.sorted { left, right in
      key(left) != key(right) ? key(left) < key(right) : isBefore(left, right)
    }
    var token = Token(firstGroup: UInt32(groupList.count), groups: 0)
    var repeated: [UInt32] = []
    for (index, row) in sorted.enumerated() {
      if index > 0, key(sorted[index - 1]) == key(row), !isBefore(sorted[index - 1], row) {
        repeated.append(row)
        continue
      }
      let start = UInt32(numbers.count)
      numbers.append(row)
      if token.groups > 0, groupList[groupList.count - 1].key == key(row) {
        groupList[groupList.count - 1].count += 1
      } else {
        groupList.append(Group(key: key(row), start: start, count: 1))
        token.groups += 1
      }
    }
    tokens.append(token)
    return (tokens.count - 1, repeated)
  }

  /// The group of a key among those of a token; nil if the token has none of that key.
  func group(of key: Int, token number: Int) -> Int? {
    let token = tokens[number]
    let end = Int(token.firstGroup + token.groups)
    var low = Int(token.firstGroup)
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if Int(groupList[middle].key) < key { low = middle + 1 } else { high = middle }
    }
    return low < end && Int(groupList[low].key) == key ? low : nil
  }

  /// The group of a token that is of one key only; nil if it is of several.
  func onlyGroup(token number: Int) -> Int? {
    tokens[number].groups == 1 ? Int(tokens[number].firstGroup) : nil
  }

  /// Numbers of the rows of a group.
  func rows(ofGroup number: Int) -> UnsafeBufferPointer<UInt32> {
    let group = groupList[number]
    return UnsafeBufferPointer(
      rebasing: numbers.elements[Int(group.start)..<Int(group.start + group.count)])
  }
}

/// The one of `known` that someone who wrote `word` most likely meant; nil if none is near.
///
/// Near is a few slips of the finger (a letter left out, added, changed, or two swapped: at most
/// one in three letters), or a word of three letters and more that was cut short or carried on.
/// Case, `-` and `_` make no difference. Among equals the first wins.
package func nearest(_ word: String, in known: [String]) -> String? {
  let word = folded(word)
  guard word.count <= 64 else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in known {
    let other = folded(candidate)
    guard other.count <= 64 else { continue }
    let distance = editDistance(word, other)
    if distance <= max(1, max(word.count, other.count) / 3), distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  if let best { return best.candidate }
  return known.first { candidate in
    let other = folded(candidate)
    return min(word.count, other.count) >= 3
      && (other.starts(with: word) || word.starts(with: other))
  }
}

private func folded(_ word: String) -> [Unicode.Scalar] {
  word.lowercased().unicodeScalars.map { $0 == "-" ? "_" : $0 }
}

/// The Damerau-Levenshtein distance, in its form that edits no substring twice.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in 0..<left.count {
    var current = [row + 1]
    for column in 0..<right.count {
      let isSame = left[row] == right[column]
      var distance = min(
        last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforeLast[column - 1] + 1)
      }
      current.append(distance)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}

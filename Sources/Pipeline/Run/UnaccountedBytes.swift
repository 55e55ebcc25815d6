internal import History

/// Bytes of an input that a run cannot say what became of: a defect of the program, and nothing is published.
package struct UnaccountedBytes: Error, CustomStringConvertible {
  let input: String
  let account: TextAccount

  package var description: String {
    let sums = zip(
      ["written", "duplicates", "filtered", "quarantined", "syntax", "beside"],
      account.figures.dropFirst(2)
    ).map { "\($1) \($0)" }
    return "the bytes of an input do not add up: \(input), bytes \(account.from) to \(account.to): "
      + "\(sums.joined(separator: " + ")): this is a defect: please report it with the input"
  }
}

/// What can go wrong in an archive besides the system's own errors.
enum ArchiveFault: Error, Equatable, CustomStringConvertible {
  /// The spill file holds less than was written to it.
  case truncatedSpill(String)

  /// One line for a person.
  var description: String {
    switch self {
    case .truncatedSpill(let path):
      "cannot read back what was put aside: \(path): somebody cut the file short: run again"
    }
  }
}

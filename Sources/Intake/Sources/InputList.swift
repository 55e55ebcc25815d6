package import Disk

/// The inputs that were given, as the files that they stand for.
package struct InputList: Sendable {
  /// Paths in the order of reading, each once; `-` is standard input.
  package private(set) var paths: [String] = []
  /// Names in folders that were left out.
  package private(set) var skipped = 0
  /// Bytes of all files; nil if that of one cannot be told.
  package private(set) var totalSize: Int? = 0
  /// Patterns that match nothing.
  package private(set) var unmatched: [String] = []
  private var seen: Set<String> = []

  /// Finds the files; throws if one that is given by its name is not there. A pattern may match
  /// nothing, as a folder may be empty: then there is nothing to do.
  package init(_ inputs: [String], _ disk: Disk) throws {
    for input in inputs {
      if input == "-" {
        add(input, size: nil)
      } else if try disk.statIfPresent(input) != nil {
        try add(fileOrFolder: input, disk)
      } else if PathPattern.isPattern(input) {
        let matches = try disk.expand(input)
        if matches.isEmpty { unmatched.append(input) }
        for path in matches { try add(fileOrFolder: path, disk) }
      } else {
        throw IntakeError.missing(input)
      }
    }
  }

  private mutating func add(fileOrFolder path: String, _ disk: Disk) throws {
    let status = try disk.stat(path)
    guard status.kind == .directory else {
      return add(path, size: status.kind == .regular ? Int(status.size) : nil)
    }
    let walk = try disk.walk(path)
    skipped += walk.skipped
    for file in walk.files { add(file, size: Int(try disk.stat(file).size)) }
  }

  private mutating func add(_ path: String, size: Int?) {
    guard seen.insert(path).inserted else { return }
    paths.append(path)
    totalSize = totalSize.flatMap { total in size.map { total + $0 } }
  }
}

/// A shell pattern for one component of a path: `*`, `?` and sets like `[a-z0]` or `[!a-z]`.
///
/// As in the shell, a leading dot must be written out, a `[` without its `]` stands for itself,
/// and a `]` right after the opening is a member of the set.
package struct PathPattern: Sendable {
  private enum Piece: Sendable {
    case scalar(Unicode.Scalar)
    case anyScalar
    case anyRun
    case set(negated: Bool, ranges: [ClosedRange<UInt32>])
  }

  private let pieces: [Piece]

  /// Compiles a pattern; there is none that is invalid.
  package init(_ pattern: some StringProtocol) {
    let scalars = Array(pattern.unicodeScalars)
    var pieces: [Piece] = []
    var at = 0
    while at < scalars.count {
      switch scalars[at] {
      case "*": pieces.append(.anyRun)
      case "?": pieces.append(.anyScalar)
      case "[":
        if let (set, end) = Self.set(scalars, from: at) {
          pieces.append(set)
          at = end
        } else {
          pieces.append(.scalar("["))
        }
      case let other: pieces.append(.scalar(other))
      }
      at += 1
    }
    self.pieces = pieces
  }

  /// True if the text contains a character that means something in a pattern.
  package static func isPattern(_ text: some StringProtocol) -> Bool {
    text.utf8.contains {
      $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
    }
  }

  /// True if the whole of `name` fits. Takes time in proportion to the product of both lengths.
  package func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    if scalars.first == "." {
      guard case .scalar(".") = pieces.first else { return false }
    }
    var piece = 0
    var at = 0
    // Where to take up again, with the last run one scalar longer: earlier runs never need it.
    var retry: (piece: Int, at: Int)?
    while at < scalars.count {
      if piece < pieces.count, case .anyRun = pieces[piece] {
        retry = (piece + 1, at)
        piece += 1
      } else if piece < pieces.count, Self.fits(pieces[piece], scalars[at]) {
        piece += 1
        at += 1
      } else if let last = retry {
        retry = (last.piece, last.at + 1)
        piece = last.piece
        at = last.at + 1
      } else {
        return false
      }
    }
    return pieces[piece...].allSatisfy { if case .anyRun = $0 { true } else { false } }
  }

  private static func fits(_ piece: Piece, _ scalar: Unicode.Scalar) -> Bool {
    switch piece {
    case .scalar(let wanted): wanted == scalar
    case .anyScalar: true
    case .anyRun: false
    case .set(let negated, let ranges): ranges.contains { $0.contains(scalar.value) } != negated
    }
  }

  /// The set that opens at `start`, and where it closes; nil if it does not.
  private static func set(_ scalars: [Unicode.Scalar], from start: Int) -> (Piece, Int)? {
    var at = start + 1
    let negated = at < scalars.count && (scalars[at] == "!" || scalars[at] == "^")
    if negated { at += 1 }
    var ranges: [ClosedRange<UInt32>] = []
    let first = at
    while at < scalars.count {
      if scalars[at] == "]", at > first { return (.set(negated: negated, ranges: ranges), at) }
      let low = scalars[at].value
      if at + 2 < scalars.count, scalars[at + 1] == "-", scalars[at + 2] != "]" {
        let high = scalars[at + 2].value
        if low <= high { ranges.append(low...high) }
        at += 3
      } else {
        ranges.append(low...low)
        at += 1
      }
    }
    return nil
  }
}

extension Disk {
  /// The existing paths that fit a pattern, sorted by their bytes, and the names that fit and cannot be
  /// read.
  ///
  /// Each component may hold wildcards, which never match a `/`. A path without any is returned
  /// as it is, whether it exists or not, so that opening it tells what is wrong.
  package func expand(
    _ pattern: String
  ) throws(DiskError) -> (paths: [String], leftOut: [LeftOut]) {
    guard PathPattern.isPattern(pattern) else { return ([pattern], []) }
    let components = pathNames(pattern)
    var found = [pattern.utf8.first == UInt8(ascii: "/") ? "/" : ""]
    var leftOut: [LeftOut] = []
    for (index, component) in components.enumerated() {
      let isLast = index == components.count - 1
      if !PathPattern.isPattern(component) {
        found = found.map { $0 + component + (isLast ? "" : "/") }
        continue
      }
      let glob = PathPattern(component)
      var next: [String] = []
      for directory in found {
        let names = try namesIfDirectory(directory.isEmpty ? "." : directory)
        for name in names.readable where glob.matches(name) {
          next.append(directory + name + (isLast ? "" : "/"))
        }
        for name in names.unreadable where glob.matches(name) {
          leftOut.append(LeftOut(directory + name, .notText))
        }
      }
      found = next
    }
    var existing: [String] = []
    for path in found {
      if try leads(path) {
        existing.append(path)
      } else if try linkStatIfPresent(path) != nil {
        leftOut.append(LeftOut(path, .danglingLink))
      }
    }
    return (existing.sorted(by: precedesInBytes), leftOut)
  }

  /// True if there is something at `path`.
  private func leads(_ path: String) throws(DiskError) -> Bool {
    do {
      _ = try stat(path)
      return true
    } catch {
      if error.leadsNowhere { return false }
      throw error
    }
  }

  private func namesIfDirectory(
    _ path: String
  ) throws(DiskError) -> (readable: [String], unreadable: [String]) {
    do { return try stat(path).kind == .directory ? try names(in: path) : ([], []) } catch {
      if error.leadsNowhere { return ([], []) }
      throw error
    }
  }
}

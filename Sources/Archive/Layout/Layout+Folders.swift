internal import Disk
package import History

extension Layout {
  /// True if a folder, relative to the archive, has the form of this layout's: another layout may have the
  /// same form.
  package func fits(_ folder: String) -> Bool {
    let names = folder.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard names.count == components.count else { return false }
    return zip(components, names).allSatisfy { Layout.fits($0, Array($1)) }
  }

  private static func fits(_ pieces: [Piece], _ name: [UInt8]) -> Bool {
    var rest = name[...]
    for piece in pieces {
      switch piece {
      case .text(let text):
        guard rest.starts(with: text) else { return false }
        rest = rest.dropFirst(text.count)
      case .value(let value, let style):
        guard let count = length(of: value, style, in: rest) else { return false }
        rest = rest.dropFirst(count)
      }
    }
    return rest.isEmpty
  }

  /// Bytes that a value takes at the beginning of `rest`; nil if there is none.
  private static func length(
    of value: Value, _ style: PathText.Style, in rest: ArraySlice<UInt8>
  ) -> Int? {
    let missing = PathText.missing(style).description.utf8
    if rest.starts(with: missing) { return missing.count }
    if let digits = value.digits {
      let text = rest.prefix(digits)
      let isTime = text.allSatisfy { $0 &- 0x30 < 10 || value == .date && $0 == 0x2D }
      return text.count == digits && isTime ? digits : nil
    }
    let end = style.terminator.map { rest.firstIndex(of: $0) } ?? rest.endIndex
    guard let end, end > rest.startIndex else { return nil }
    return end - rest.startIndex
  }
}

extension Layout.Value {
  /// Characters of a time; nil for other values.
  fileprivate var digits: Int? {
    switch self {
    case .role, .pointer: nil
    case .date: 10
    case .year: 4
    case .month, .day, .hour: 2
    }
  }
}

extension LiveFiles {
  /// True if a part lies where `layout` has it: by what its commit noted, else by the form of its folder.
  package func isLaid(_ part: LiveFile, by layout: Layout) -> Bool {
    if let template = self.layout(of: part) { return template == layout.template }
    return layout.fits(parent(of: part.row.path))
  }
}

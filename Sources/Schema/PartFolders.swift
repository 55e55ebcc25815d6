internal import Bytes
internal import Disk
internal import History

/// What readers can take from the folders of an archive's parts: columns, where each folder is `key=value`.
struct PartFolders: Equatable, Sendable {
  /// What becomes of the folders.
  enum Form: Equatable, Sendable {
    /// There are no parts.
    case unknown
    /// Each is `key=value`, the same keys for all parts.
    case columns
    /// At least one is a value alone, or has a key that means more than its name to some reader.
    case plain
    /// A name was cut within a character, as versions before did, and readers refuse it.
    case broken
    /// Parts lie in folders of several forms: there were runs under several layouts.
    case mixed
  }

  let form: Form
  /// The keys; empty where folders are no columns.
  let keys: [String]
  /// For each key the texts that stand behind it, as folders have them, in order.
  let values: [[String]]

  init(_ parts: [LiveFile]) {
    var forms: Set<[String]> = []
    var depths: Set<Int> = []
    var values: [Set<String>] = []
    for part in parts {
      let folders = parent(of: part.row.path).split(separator: "/")
      depths.insert(folders.count)
      let pairs = folders.compactMap { folder -> (key: String, value: String)? in
        guard let equals = folder.firstIndex(of: "=") else { return nil }
        return (String(folder[..<equals]), String(folder[folder.index(after: equals)...]))
      }
      forms.insert(pairs.count == folders.count ? pairs.map(\.key) : [])
      guard forms.count == 1, pairs.count == folders.count else { continue }
      if values.isEmpty { values = pairs.map { _ in [] } }
      for (number, pair) in pairs.enumerated() { values[number].insert(pair.value) }
    }
    let keys = forms.first ?? []
    if parts.isEmpty {
      form = .unknown
    } else if forms.count > 1 || depths.count > 1 {
      form = .mixed
    } else if !PartFolders.areColumns(keys)
      || values.contains(where: { $0.contains(where: hasKey) })
    {
      form = .plain
    } else {
      form = values.contains { $0.contains(where: isBroken) } ? .broken : .columns
    }
    self.keys = form == .columns ? keys : []
    self.values = form == .columns ? values.map { $0.sorted() } : []
  }

  private static func areColumns(_ keys: [String]) -> Bool {
    let names = Set((keys + ArchiveTable.own).map(ColumnName.folded))
    return !keys.isEmpty && keys.allSatisfy(ColumnName.isWord)
      && names.count == keys.count + ArchiveTable.own.count
  }

  /// The folder of what has no value.
  static let missing = "__HIVE_DEFAULT_PARTITION__"
}

/// True for a text behind a key in which readers could find another key.
private func hasKey(_ text: String) -> Bool { text.contains("=") }

/// True for a name that is no UTF-8 without its escapes.
private func isBroken(_ text: String) -> Bool {
  text.utf8.contains(UInt8(ascii: "%")) && text.removingEscapes == nil
}

extension String {
  /// The text that `%XX` stand for; nil if it is no UTF-8.
  fileprivate var removingEscapes: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), let high = rest.first.flatMap(Hex.digit),
        let low = rest.dropFirst().first.flatMap(Hex.digit)
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(high << 4 | low)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

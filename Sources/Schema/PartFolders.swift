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
    /// At least one is a value alone.
    case plain
    /// Parts lie in folders of several forms: there were runs under several layouts.
    case mixed
  }

  let form: Form
  /// The keys; empty where folders are no columns.
  let keys: [String]
  /// For each key the texts that stand behind it, as folders have them, in order; as many as are of use.
  let values: [[String]]
  /// Texts of a key that are kept.
  static let mostValues = 5_000

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
      for (number, pair) in pairs.enumerated() where values[number].count < PartFolders.mostValues {
        values[number].insert(pair.value)
      }
    }
    let keys = forms.first ?? []
    let areNames = keys.allSatisfy(ColumnName.isPlain)
    let areDistinct = Set(keys.map(ColumnName.folded)).count == keys.count
    if parts.isEmpty {
      form = .unknown
    } else if forms.count > 1 || depths.count > 1 {
      form = .mixed
    } else {
      form = keys.isEmpty || !areNames || !areDistinct ? .plain : .columns
    }
    self.keys = form == .columns ? keys : []
    self.values = form == .columns ? values.map { $0.sorted() } : []
  }

  /// The folder of what has no value.
  static let missing = "__HIVE_DEFAULT_PARTITION__"
}

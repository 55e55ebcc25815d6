internal import Archive
package import Bytes
internal import Codec
internal import Disk
internal import Engine
package import History
internal import Settings
internal import Trail

/// An archive as a table: what its parts are called, which columns its events and folders have.
package struct ArchiveTable: Sendable {
  /// Members that become columns at most.
  static let mostColumns = 500
  /// Names of members without a column that are listed.
  static let mostListed = 50

  /// What the table is called.
  package let name: String
  /// Where the archive is for the reader, without a `/` at the end.
  let location: String
  /// What the events have, in the order in which it came; what was added comes last.
  let columns: [Column]
  let folders: PartFolders
  /// What the names of parts end in.
  let endings: [String]
  private let reader: SchemaReader
  /// Events that were looked at, and parts.
  let events: Int
  let parts: Int
  /// The newest commit.
  let commit: Int
  /// Bytes of the longest line.
  let longestLine: Int
  /// Members that are no column, as far as they are listed, and how many there are.
  private let leftOut: [String]
  private let leftOutCount: Int
  /// Members, counted in each event, of whose names nothing is kept.
  private let unnamed: Int
  private let halfPairs: Int
  private let hugeNumbers: Int
  private let isWindow: Bool
  /// Parts that were taken out and still lie among the others, as version 0.1 left them for a while.
  package let remains: Int

  /// The column that has the whole line.
  static let line = "event_json"
  /// What statements call columns of their own: no member is called so.
  static let own = [line, "_json", "_members", "_path"]

  /// Reads the live parts, or those that may hold events of a window. `location` is where the reader finds
  /// the archive; nil for where it is here.
  package init(
    _ history: ArchiveHistory, for reader: SchemaReader, name: String, location: String?,
    window: TimeWindow = TimeWindow(), threads: Int
  ) throws {
    let files = try LiveFiles(history)
    let all = files.all(.part)
    let parts = all.filter { part in
      guard let first = part.row.firstTime, let last = part.row.lastTime else { return true }
      return window.mayMeet(first, last)
    }
    let census = try ArchiveTable.census(history, parts, threads: threads)
    self.name = name
    self.reader = reader
    let folders = PartFolders(all)
    self.folders = folders
    self.location = try ArchiveTable.location(
      location ?? reader.exampleLocation, history, folders)
    endings = CompressionFormat.allCases.map(\.linesEnding).filter { ending in
      all.contains { $0.row.path.hasSuffix(ending) }
    }
    let added = AddedColumns(files, all)
    let chosen = ChosenColumns(census.members, added, taken: folders.keys + ArchiveTable.own)
    columns = chosen.columns
    leftOut = chosen.leftOut
    leftOutCount = chosen.leftOutCount
    events = census.events
    self.parts = parts.count
    commit = history.last
    longestLine = census.longestLine
    unnamed = census.unnamed
    halfPairs = census.halfPairs
    hugeNumbers = census.hugeNumbers
    isWindow = window.isBounded
    remains = try files.former.count { former in
      guard former.place == former.path, FileKind(ofPath: former.path) == .part else {
        return false
      }
      return try history.disk.statIfPresent(history.path + "/" + former.path) != nil
    }
  }

  private static func census(
    _ history: ArchiveHistory, _ parts: [LiveFile], threads: Int
  ) throws -> MemberCensus {
    let census = MemberCensus()
    try Parallel.inOrder(parts.count, threads: threads) { number in
      let ofPart = MemberCensus()
      try history.forEachLine(of: parts[number]) { line in
        guard ofPart.add(line) else { throw ArchiveError(noEventIn: parts[number]) }
      }
      return ofPart
    } take: { _, ofPart in
      census.add(ofPart)
      return true
    }
    return census
  }

  /// Refuses what no statement can name: readers take the place of the parts as a pattern.
  private static func location(
    _ text: String?, _ history: ArchiveHistory, _ folders: PartFolders
  ) throws -> String {
    let text = try text ?? history.disk.realPath(history.path)
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      !"*?[]{}\"'`\\$;%\u{FFFD}".unicodeScalars.contains(scalar)
        && !DeceptiveText.isDeceptive(scalar)
    }
    guard isPlain, !text.isEmpty else {
      throw UsageError(
        "the archive's place cannot be written into a statement (it has quotes, characters of "
          + "patterns or others that do not show): give --location")
    }
    let keys = Set(folders.keys.map(ColumnName.folded))
    for folder in text.split(separator: "/") {
      guard let equals = folder.firstIndex(of: "="),
        keys.contains(ColumnName.folded(String(folder[..<equals])))
      else { continue }
      throw UsageError(
        "readers would take the folder \(ChosenColumns.shown(String(folder))) in the archive's place for one"
          + " of its own: give another --location, or move the archive")
    }
    var trimmed = text[...]
    while trimmed.count > 1, trimmed.last == "/" { trimmed = trimmed.dropLast() }
    return String(trimmed)
  }

  // MARK: What is told besides

  /// Sentences about the table, one a line, for comments in front of a statement.
  var notes: [String] {
    let counted = Figures.counted(events, "event")
    let sources = Figures.counted(parts, "part") + (isWindow ? " of a window" : "")
    var notes = [
      "made by trailmill from \(counted) in \(sources), up to commit \(commit)"
    ]
    notes.append(
      "columns are NULL where an event has no such member, or null; \(ArchiveTable.line) is the whole event"
    )
    if leftOutCount > 0 {
      let more = leftOutCount > leftOut.count ? ", …" : ""
      notes.append(
        "no columns, but in \(ArchiveTable.line): \(leftOut.joined(separator: ", "))\(more)"
          + " (\(Figures.counted(leftOutCount, "member")))")
    }
    if unnamed > 0 {
      notes.append(
        "no columns: \(Figures.counted(unnamed, "member")) more, whose names are too many (max_names: "
          + "\(Figures.grouped(MemberCensus.mostNames))), too long or no text")
    }
    switch folders.form {
    case .unknown: notes.append("there are no events yet: print it anew when there are some")
    case .columns: break
    case .plain: notes.append("folders are no columns: they are not key=value, with plain keys")
    case .broken:
      notes.append(
        "folders are no columns: the name of one was cut within a character, as versions before did"
      )
    case .mixed:
      notes.append(
        "folders are no columns: parts lie under several layouts; trailmill compact --into LAYOUT lays"
          + " them anew")
    }
    if endings.contains(CompressionFormat.zlib.linesEnding) {
      notes.append(
        "parts that end in .zz can be read by trailmill alone: trailmill compact writes them anew")
    }
    let zstd = CompressionFormat.zstd.linesEnding
    if endings.contains(zstd), !reader.endings.contains(zstd) {
      notes.append(
        "parts that end in .zst are not read here: trailmill compact --compression gzip writes them anew"
      )
    }
    return notes + oddities
  }

  /// What events hold that readers' JSON does not take.
  private var oddities: [String] {
    var notes: [String] = []
    if halfPairs > 0 {
      notes.append(
        "\(Figures.counted(halfPairs, "event")) with half of a surrogate pair, which is U+FFFD in columns"
      )
    }
    if hugeNumbers > 0 {
      notes.append("\(Figures.counted(hugeNumbers, "event")) with a number beyond any double")
    }
    return notes
  }

  /// The notes as comments that begin with `mark`.
  func comments(_ mark: String) -> String {
    notes.map { "\(mark) \($0)\n" }.joined()
  }

  // MARK: What readers open

  /// Bytes for the longest line that there is, and as many again for those that come: a power of two from
  /// 4 MiB to 512 MiB.
  var roomForLine: Int {
    var room = 4 << 20
    while room <= longestLine, room < 512 << 20 { room *= 2 }
    return room
  }

  /// What the names of parts end in that the reader can read, whether there are any yet or not.
  var readable: [String] { reader.endings }

  /// What the names of the parts that are there end in, of those that others can read.
  var present: [String] {
    let known = endings.filter(readable.contains)
    return known.isEmpty ? [CompressionFormat.gzip.linesEnding] : known
  }
}

internal import Settings
internal import Bytes
internal import Disk
internal import Intake
internal import Trail

/// `trailmill keys show`: what a directory says.
enum KeysShowCommand: Command {
  static let syntax = CommandSyntax(
    name: "keys show", arguments: "DIRECTORY [KEY]", count: 1...2,
    summary: "show what a key directory says, as NDJSON",
    details: [
      """
      DIRECTORY is a file such as "resolve_keys" takes. KEY is the id or a name of a key. Without --at
      all versions are shown, by id and time; with it, what holds of each key at that time, as
      "resolve_keys" would add it with detail "full", and its flags.
      """
    ],
    options: [OptionSyntax(name: "at", value: "T", summary: "a time (RFC 3339) or date")])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let time = try RunOptions.time(arguments, "at")
    var reader = KeyRowReader()
    var loader = KeyDirectoryLoader()
    var rows: [KeyRow] = []
    let path = arguments.arguments[0]
    do {
      _ = try TableReader(disk: Disk(), path: path).forEachRow { row, line in
        rows.append(try reader.read(row, line: line))
        try loader.add(row, line: line)
      }
    } catch let error as LookupError {
      throw UsageError("\(error.reason): \(path):\(error.line)")
    } catch let error as TableError {
      throw UsageError("\(error)")
    } catch let error as DiskError {
      throw UsageError("\(error): name a key directory")
    }
    let all = chosen(rows, arguments.arguments.dropFirst().first)
    guard !all.isEmpty || arguments.arguments.count == 1 else {
      Console.message("no such key: \(arguments.arguments[1])")
      return .success
    }
    try Console.output(text(all, at: time, loader.finish()))
    return .success
  }

  /// The rows of the keys that have `key` as id or in one of their versions as name, by id and time.
  private static func chosen(_ rows: [KeyRow], _ key: String?) -> [KeyRow] {
    var rows = rows
    if let key = key.map({ Array($0.utf8) }) {
      let ids = Set(rows.filter { $0.id == key || $0.name == key }.map(\.id))
      rows = rows.filter { ids.contains($0.id) }
    }
    let numbered = rows.enumerated().sorted { left, right in
      if left.element.id != right.element.id {
        return left.element.id.lexicographicallyPrecedes(right.element.id)
      }
      return (left.element.validFrom ?? .min, left.offset)
        < (right.element.validFrom ?? .min, right.offset)
    }
    return numbered.map(\.element)
  }

  private static func text(_ rows: [KeyRow], at time: Timestamp?, _ directory: KeyDirectory)
    -> String
  {
    var text = ByteBuffer()
    for (index, row) in rows.enumerated() {
      guard let time else {
        row.append(to: &text)
        text.append(UInt8(ascii: "\n"))
        continue
      }
      if index > 0, rows[index - 1].id == row.id { continue }
      append(row.id, at: time, directory, to: &text)
    }
    return String(decoding: text.view, as: UTF8.self)
  }

  /// What holds of one key at a time.
  private static func append(
    _ id: [UInt8], at time: Timestamp, _ directory: KeyDirectory, to text: inout ByteBuffer
  ) {
    let found = id.withUnsafeBufferPointer {
      directory.find($0, name: ByteView(start: nil, count: 0), at: time.microseconds)
    }
    guard let found else { return }
    directory.append(found, .full, to: &text)
    let names = AttributionFlags.names.enumerated().filter {
      found.flags & 1 << UInt32($0.offset) != 0
    }
    if !names.isEmpty {
      text.truncate(to: text.count - 1)
      let list = names.map { "\"\($0.element)\"" }.joined(separator: ",")
      text.append(utf8: ",\"flags\":[\(list)]}")
    }
    text.append(UInt8(ascii: "\n"))
  }
}

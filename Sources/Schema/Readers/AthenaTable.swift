/// External tables of lines and a view for Athena, which works partitions out by projection.
struct AthenaTable {
  /// Values of a key that a comment offers for an enumeration.
  private static let mostListed = 100

  private let table: ArchiveTable
  /// For each key whether its values are times, and of which form.
  private let times: [TimeForm?]

  private enum TimeForm { case date, number }

  init(_ table: ArchiveTable) {
    self.table = table
    times = zip(table.folders.keys, table.folders.values).map(AthenaTable.form)
  }

  /// Keys of times, as layouts have them: what else looks like a time is a value that somebody chose.
  private static let keysOfTimes = ["dt", "hr", "date", "year", "month", "day", "hour"]

  private static func form(_ key: String, _ values: [String]) -> TimeForm? {
    let times = values.filter { $0 != PartFolders.missing }
    guard !times.isEmpty, keysOfTimes.contains(key) else { return nil }
    let areDigits = times.allSatisfy {
      ($0.count == 2 || $0.count == 4) && $0.utf8.allSatisfy(isDigit)
    }
    let areDates = times.allSatisfy { text in
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      return parts.map(\.count) == [4, 2, 2] && parts.joined().utf8.allSatisfy(isDigit)
    }
    return areDates ? .date : areDigits ? .number : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// True if events without a time are in folders of their own, which no projection of times names.
  private var hasUntimed: Bool {
    zip(times, table.folders.values).contains { $0 != nil && $1.contains(PartFolders.missing) }
  }

  var text: String {
    let names = [table.name + "_lines"] + (hasUntimed ? [table.name + "_untimed_lines"] : [])
    let tables = zip(names, [false, true]).map { create($0, isUntimed: $1) }.joined()
    let all = names.map { "SELECT * FROM \(SQL.name($0))" }.joined(separator: " UNION ALL ")
    return """
      \(table.comments("--"))\(hints)\(tables)CREATE OR REPLACE VIEW \(SQL.name(table.name)) AS
      SELECT
        \(HiveLines(table).columns)
      FROM (\(all));

      """
  }

  /// What a query has to say, and with what values.
  private var hints: String {
    var text = "-- run one statement after the other\n"
    if times.contains(.date) {
      text += "-- days after tomorrow are not read: no event should be of one\n"
    }
    for (number, key) in table.folders.keys.enumerated() where times[number] == nil {
      text +=
        "-- each query names the folder: WHERE \(key) = 'TEXT', as it is behind \(key)=; for all of them:\n"
      let values = table.folders.values[number]
      if values.count <= AthenaTable.mostListed, values.allSatisfy(AthenaTable.isPlain) {
        text += "-- 'projection.\(key).type' = 'enum', 'projection.\(key).values' = '"
        text += "\(values.joined(separator: ","))' (and all that come later)\n"
      }
    }
    return text
  }

  private static func isPlain(_ value: String) -> Bool {
    value.utf8.allSatisfy { byte in
      isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || "-._@%~".utf8.contains(byte)
    }
  }

  private func create(_ name: String, isUntimed: Bool) -> String {
    let keys = table.folders.keys
    let partitions =
      keys.isEmpty
      ? ""
      : "PARTITIONED BY (\(keys.map { SQL.backticked($0) + " string" }.joined(separator: ", ")))\n"
    return """
      CREATE EXTERNAL TABLE \(SQL.backticked(name)) (\(ArchiveTable.line) string)
      \(partitions)ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\001' STORED AS TEXTFILE
      LOCATION \(SQL.text(table.location + "/"))\(properties(isUntimed: isUntimed));

      """
  }

  private func properties(isUntimed: Bool) -> String {
    let keys = table.folders.keys
    guard !keys.isEmpty else { return "" }
    var properties = ["'projection.enabled' = 'true'"]
    for (number, key) in keys.enumerated() {
      properties += projection(number, isUntimed: isUntimed).map { name, value in
        SQL.text("projection.\(key).\(name)") + " = " + SQL.text(value)
      }
    }
    let folders = keys.map { "\($0)=${\($0)}" }.joined(separator: "/")
    properties.append(
      "'storage.location.template' = " + SQL.text("\(table.location)/\(folders)/"))
    return "\nTBLPROPERTIES (\n  \(SQL.list(properties, indent: "  "))\n)"
  }

  private func projection(_ number: Int, isUntimed: Bool) -> KeyValuePairs<String, String> {
    guard let form = times[number] else { return ["type": "injected"] }
    if isUntimed { return ["type": "enum", "values": PartFolders.missing] }
    let values = table.folders.values[number].filter { $0 != PartFolders.missing }
    let first = values.first ?? "1970-01-01"
    guard form == .number else {
      return ["type": "date", "format": "yyyy-MM-dd", "range": "\(first),NOW+1DAYS"]
    }
    let range =
      switch table.folders.keys[number] {
      case "month": "1,12"
      case "day": "1,31"
      default: first.count == 4 ? "\(first),2100" : "0,23"
      }
    return ["type": "integer", "range": range, "digits": String(first.count)]
  }
}

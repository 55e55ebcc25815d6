/// A program for Polars: frames of lines, and of events with their members.
struct PolarsProgram {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let keys = table.folders.keys
    let parameters = keys.map { "\(PolarsProgram.parameter($0))=\"*\"" }.joined(separator: ", ")
    let patterns = table.readable.map { ending in
      let folder =
        keys.isEmpty
        ? "**" : keys.map { "\($0)={\(PolarsProgram.parameter($0))}" }.joined(separator: "/")
      return "f\(PythonMembers.text("\(table.location)/\(folder)/part-*\(ending)"))"
    }
    let folders = keys.map { key in
      """
              pl.col("_path").str.extract(\(PythonMembers.text("/\(key)=([^/]*)/")))
              .map_elements(value, return_dtype=pl.String).alias(\(PythonMembers.text(key))),

      """
    }
    return """
      \(table.comments("#"))import json
      import re
      from glob import glob
      from urllib.parse import unquote

      import polars as pl


      \(PythonMembers.functions)


      \(PythonMembers(table).columns)SCHEMA = pl.Struct({
      \(table.columns.map(field).joined())})


      def lines(\(parameters)):
          \"""The events of some folders, or of all, as text; folder() says what a folder is called.\"""
          patterns = [
              \(SQL.list(patterns, indent: "        "))
          ]
          paths = sorted(path for pattern in patterns for path in glob(pattern, recursive=True))
          return pl.scan_lines(paths, name="event_json", glob=False, include_file_paths="_path").with_columns(
      \(folders.joined())    ).drop("_path")


      def events(frame=None):
          \"""The events of a frame of lines, with their members; of all, if none is given.\"""
          frame = lines() if frame is None else frame
          return frame.with_columns(
              pl.col("event_json").map_elements(members, return_dtype=SCHEMA).alias("_members")
          ).unnest("_members")

      """
  }

  private func field(_ column: Column) -> String {
    let type =
      switch column.type {
      case .text, .json: "pl.String"
      case .boolean: "pl.Boolean"
      case .integer: "pl.Int64"
      }
    return "    \(PythonMembers.text(column.name)): \(type),\n"
  }

  /// A key as the name of a parameter.
  private static func parameter(_ key: String) -> String {
    var name = "f_"
    for scalar in key.unicodeScalars {
      let isWord =
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      name += isWord ? String(scalar) : "_\(String(scalar.value, radix: 16))"
    }
    return isPlain(key) ? key : name
  }

  /// True for keys such as `acct`, which are no words of Python, and nothing that the function needs.
  private static func isPlain(_ key: String) -> Bool {
    key.utf8.allSatisfy { $0 &- 0x61 < 26 }
      && ![
        "in", "is", "as", "or", "if", "and", "not", "for", "def", "del", "try", "from", "with",
        "else", "elif", "pass", "class", "break", "while", "raise", "yield", "return", "global",
        "import", "lambda", "assert", "except", "finally", "continue", "nonlocal", "async", "await",
        "glob", "pl", "sorted", "value",
      ].contains(key)
  }
}

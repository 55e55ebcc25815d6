/// A program for pyarrow: a dataset of lines, and tables of events with their members.
struct ArrowProgram {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let keys = table.folders.keys.map(PythonMembers.text)
    let fields = keys.map { "(\($0), pa.string())" }.joined(separator: ", ")
    let folders = keys.map { "    (\($0), pa.string()),\n" }.joined()
    let endings = table.readable.map(PythonMembers.text).joined(separator: ", ")
    return """
      \(table.comments("#"))import json
      import re
      from urllib.parse import unquote

      import pyarrow as pa
      import pyarrow.csv as csv
      import pyarrow.dataset as ds
      from pyarrow import fs


      \(PythonMembers.functions)


      \(PythonMembers(table).columns)FOLDERS = [\(keys.joined(separator: ", "))]
      SCHEMA = pa.schema([
      \(table.columns.map(field).joined())\(folders)    ("event_json", pa.string()),
      ])

      LOCATION = \(PythonMembers.text(table.location))
      system, base = (
          fs.FileSystem.from_uri(LOCATION) if "://" in LOCATION else (fs.LocalFileSystem(), LOCATION))
      files = system.get_file_info(fs.FileSelector(base, recursive=True))


      def is_part(file):
          \"""False for whatever else lies in the folders, and for the archive's own files.\"""
          names = file.path[len(base):].strip("/").split("/")
          if any(name.startswith(("_", ".")) for name in names) or not names[-1].startswith("part-"):
              return False
          if names[-1].endswith(".ndjson.zst"):
              raise ValueError("zstd is not read here: trailmill compact --compression gzip: " + file.path)
          return names[-1].endswith((\(endings)))


      # Folders stay as they are written: pyarrow takes the account "__HIVE_DEFAULT_PARTITION__" for none.
      lines = ds.dataset(
          [file.path for file in files if is_part(file)],
          filesystem=system,
          partition_base_dir=base,
          schema=pa.schema([("event_json", pa.string())\(fields.isEmpty ? "" : ", " + fields)]),
          format=ds.CsvFileFormat(
              parse_options=csv.ParseOptions(
                  delimiter="\\x01", quote_char=False, double_quote=False, escape_char=False),
              # A line has to fit into a block.
              read_options=csv.ReadOptions(column_names=["event_json"], block_size=\(table.roomForLine)),
              convert_options=csv.ConvertOptions(
                  column_types={"event_json": pa.string()}, strings_can_be_null=False)),
          partitioning=ds.HivePartitioning(
              pa.schema([\(fields)]), segment_encoding="none") if FOLDERS else None,
          exclude_invalid_files=False)


      def events(filter=None):
          \"""Tables of the events that a filter of folders leaves; folder() says what one is called.\"""
          for batch in lines.to_batches(filter=filter):
              columns = {name: batch.column(name).to_pylist() for name in FOLDERS + ["event_json"]}
              found = [members(event) for event in columns["event_json"]]
              rows = {name: [each.get(name) for each in found] for name in COLUMNS}
              for name in FOLDERS:
                  rows[name] = [value(each) for each in columns[name]]
              yield pa.table({**rows, "event_json": columns["event_json"]}, schema=SCHEMA)

      """
  }

  private func field(_ column: Column) -> String {
    let type =
      switch column.type {
      case .text, .json: "pa.string()"
      case .boolean: "pa.bool_()"
      case .integer: "pa.int64()"
      }
    return "    (\(PythonMembers.text(column.name)), \(type)),\n"
  }
}

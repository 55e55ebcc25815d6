package import Bytes
package import Disk
package import Intake
package import JSONText

/// What a plan's host gives to its stages: the file system, the environment, and services such as the
/// memory of an archive, which a stage finds by the type of the service. A stage that needs one of its own
/// declares a protocol, and a property in an extension of this type, beside itself.
package struct StageServices {
  /// Reads a table and hands out each row, a JSON object, with the line on which it begins. Rows may lie in
  /// larger documents, at a pointer; the columns are what is asked of a CSV.
  package typealias TableLoader = (
    _ path: String, _ records: JSONPointer?, _ columns: TableColumns,
    _ row: (_ object: ByteView, _ line: Int) throws -> Void
  ) throws -> LookupTable

  /// The file system.
  package let disk: Disk
  /// The environment, for secrets.
  package let environment: [String: String]
  /// Reads lookup tables.
  let readTable: TableLoader
  private var services = TypedValues()

  /// No services yet. `readTable` stands in for the files of lookup tables where there are none.
  package init(
    disk: Disk = Disk(), environment: [String: String] = [:], readTable: TableLoader? = nil
  ) {
    self.disk = disk
    self.environment = environment
    self.readTable =
      readTable ?? { path, records, columns, row in
        let facts = try TableReader(disk: disk, path: path, records: records, columns: columns)
          .forEachRow(row)
        return LookupTable(
          path: path, bytes: facts.bytes, sha256: facts.digest ?? Digest256(0, 0, 0, 0),
          rows: facts.rows, sketch: facts.sketch)
      }
  }

  /// The service of a type; nil where the host has none.
  package subscript<Service>(_ type: Service.Type) -> Service? {
    get { services[type] }
    set { services[type] = newValue }
  }
}

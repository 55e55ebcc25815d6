internal import Codec

/// Who reads an archive's parts, and is told what stands in them.
package enum SchemaReader: String, CaseIterable, Sendable {
  case duckdb, spark, athena, trino, clickhouse, polars, arrow, bigquery

  /// Where the parts are for a reader that cannot read files of this machine, if nobody said.
  var exampleLocation: String? {
    switch self {
    case .duckdb, .spark, .clickhouse, .polars, .arrow: nil
    case .athena, .trino: "s3://BUCKET/ARCHIVE"
    case .bigquery: "gs://BUCKET/ARCHIVE"
    }
  }

  /// What the names of parts end in that it reads as they are: pyarrow takes frames of zstd for lines, and
  /// BigQuery loads gzip alone.
  var endings: [String] {
    let formats: [CompressionFormat] =
      switch self {
      case .duckdb, .spark, .athena, .trino, .clickhouse, .polars: [.gzip, .zstd, .none]
      case .arrow, .bigquery: [.gzip, .none]
      }
    return formats.map(\.linesEnding)
  }

  /// A statement, a program or a document that lets the reader read all parts that `table` describes.
  package func text(_ table: ArchiveTable) -> String {
    switch self {
    case .duckdb: DuckDBView(table).text
    case .spark: SparkView(table).text
    case .athena: AthenaTable(table).text
    case .trino: TrinoTable(table).text
    case .clickhouse: ClickHouseView(table).text
    case .polars: PolarsProgram(table).text
    case .arrow: ArrowProgram(table).text
    case .bigquery: BigQueryDefinition(table).text
    }
  }
}

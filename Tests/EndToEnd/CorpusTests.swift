import Foundation
import Testing

/// Input that nobody here wrote. It is no part of the project: these tests run where a corpus lies
/// beside the package, or where `TRAILMILL_CORPUS` says it is.
@Suite(.enabled(if: CorpusTests.isThere)) struct CorpusTests {
  static let corpus: URL = {
    if let given = ProcessInfo.processInfo.environment["TRAILMILL_CORPUS"] {
      return URL(fileURLWithPath: given)
    }
    return Places.root.appendingPathComponent("../shared/corpus").standardizedFileURL
  }()

  static var isThere: Bool {
    FileManager.default.fileExists(atPath: corpus.appendingPathComponent("cloudtrail").path)
  }

  /// 2,900 records in 55 documents: every one in its hour, every access key with its name.
  @Test func archivesCloudTrail() throws {
    let sandbox = try Sandbox()
    let outcome = try sandbox.run(
      """
      "$TRAILMILL" run pipelines/cloudtrail.json5 '\(CorpusTests.corpus.path)/cloudtrail/AWSLogs' \
        --set keys='\(CorpusTests.corpus.path)/cloudtrail/keys.ndjson' --summary json 2> summary
      grep -o '"read.*"pending":0' summary
      for hour in archive/*/*/hour=*; do
        echo "${hour#archive/*/}: $(find "$hour" -name '*.ndjson.gz' -exec gzip -dc {} + | wc -l)"
      done
      find archive -name '*.ndjson.gz' -exec gzip -dc {} + > all
      grep -c '"accessKeyId"' all
      grep '"accessKeyId"' all | grep -vc '"from":"key_name"'
      """)
    #expect(
      outcome.output == """
        "read":2900,"written":2900,"duplicates":0,"filtered":0,"quarantined":0,"unreadable":0,\
        "refused":0,"pending":0
        date=2023-07-10/hour=11: 798
        date=2023-07-10/hour=12: 2102
        \(try CorpusTests.recordsWithKeys)
        0

        """, "\(outcome.errors)")
  }

  /// Counted without trailmill.
  private static var recordsWithKeys: String {
    get throws {
      let sandbox = try Sandbox()
      let count = try sandbox.run(
        """
        find '\(corpus.path)/cloudtrail/AWSLogs' -name '*.gz' -exec gzip -dc {} + \
          | sed 's/{"eventVersion"/\\n&/g' | grep -c '"accessKeyId"'
        """)
      return count.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }
}

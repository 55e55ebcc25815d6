import Foundation
import TestSupport
import Testing

/// Input that nobody here wrote. It is no part of the project: these tests run where a corpus lies
/// beside the package, or where `TRAILMILL_CORPUS` says it is.
enum Corpus {
  static let folder: URL = {
    if let given = ProcessInfo.processInfo.environment["TRAILMILL_CORPUS"] {
      return URL(fileURLWithPath: given)
    }
    return Places.root.appendingPathComponent("../shared/corpus").standardizedFileURL
  }()

  static let isThere = FileManager.default.fileExists(
    atPath: folder.appendingPathComponent("cloudtrail").path)
}

@Suite(.enabled(if: Corpus.isThere)) struct CorpusTests {
  /// 2,900 records in 55 documents: every one in its hour, every access key with its name (85
  /// records have none).
  @Test func archivesCloudTrail() throws {
    let outcome = try Sandbox().run(
      """
      "$TRAILMILL" run pipelines/cloudtrail.json5 '\(Corpus.folder.path)/cloudtrail/AWSLogs' \
        --set keys='\(Corpus.folder.path)/cloudtrail/keys.ndjson' --summary json 2> summary
      grep -o '"read.*"pending":0' summary
      for hour in archive/*/*/hr=*; do
        echo "${hour#archive/*/}: $(find "$hour" -name '*.ndjson.gz' -exec gzip -dc {} + | wc -l)"
      done
      find archive -name '*.ndjson.gz' -exec gzip -dc {} + > all
      grep -c '"from":"key_name"' all
      grep -c key_unknown all
      """)
    #expect(
      outcome.output == """
        "read":2900,"written":2900,"duplicates":0,"filtered":0,"quarantined":0,"unreadable":0,\
        "refused":0,"pending":0
        dt=2023-07-10/hr=11: 798
        dt=2023-07-10/hr=12: 2102
        2815
        0

        """, "\(outcome.errors)")
  }
}

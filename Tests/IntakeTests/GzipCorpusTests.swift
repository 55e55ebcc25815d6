import Foundation
import Intake
import TestSupport
import Testing

/// Members, header fields, garbage, truncation and wrong checksums, where the corpus is present.
@Suite struct GzipCorpusTests {
  private struct Case: Decodable {
    var file: String
    var expected_error: String?
  }

  private static let folder = Repository.file("../shared/corpus/gzip")

  @Test func damageIsAlwaysSeen() throws {
    let manifest = Self.folder.appendingPathComponent("manifest.json")
    guard let data = try? Data(contentsOf: manifest) else { return }
    for item in try JSONDecoder().decode([Case].self, from: data) {
      let path = Self.folder.appendingPathComponent(item.file).path
      for size in sizes {
        let disk = shortReads(size)
        let outcome = try read([path], settings { $0.damaged = .salvage }, disk: disk)
        #expect((outcome.facts.first?.damage != nil) == (item.expected_error != nil), "\(path)")
        if item.expected_error != nil {
          #expect(throws: IntakeError.self, "\(path)") { try read([path], disk: disk) }
        }
      }
    }
  }
}

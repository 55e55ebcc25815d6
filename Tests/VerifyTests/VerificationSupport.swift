import Crypto
import History
import Verify
import Archive
import Bytes
import Codec
import Disk
import Foundation
import TestSupport
import TestArchives
import Testing

/// An archive with a history, and what verification says of it.
extension TestArchive {
  /// A file that the history covers.
  struct Covered {
    enum Kind: Equatable {
      case header, rows, signature, live(FileKind), retired
    }

    var path: String
    var kind: Kind
    var sequence: Int
  }

  /// Runs, and every kind of maintenance.
  static func withHistory(signed: Bool) throws -> TestArchive {
    let archive = try TestArchive()
    for number in 1...3 { try archive.run(number, signed: signed) }
    try archive.compact(signed: signed)
    try archive.commit(.expire, signed: signed) { files, commit in
      let part = files.all(.part).first { $0.row.path.hasPrefix("a/") }
      commit.retired = [part, files.all(.quarantine).first].compactMap { $0?.retired(.expired) }
    }
    try archive.commit(.hold, signed: signed) { _, commit in
      commit.hold = Hold(
        name: "case 7", window: TimeWindow(since: time("2026-11-01T00:00:00Z")), reason: "asked for"
      )
    }
    try archive.run(7, signed: signed)
    return archive
  }

  func covered() throws -> [Covered] {
    let history = try ArchiveHistory(disk: Disk(), path: path)
    let files = try LiveFiles(history)
    let kinds: [FileKind] = [.part, .keys, .digests, .quarantine, .checkpoint]
    var covered: [Covered] = kinds.flatMap { kind in
      files.all(kind).map {
        Covered(path: $0.row.path, kind: .live(kind), sequence: $0.sequence)
      }
    }
    covered += files.former.map { Covered(path: $0.place, kind: .retired, sequence: $0.sequence) }
    for sequence in 1...history.last {
      let number = "_trailmill/manifests/" + String(format: "%012d", sequence)
      covered.append(Covered(path: number + ".json", kind: .header, sequence: sequence))
      covered.append(Covered(path: number + ".ndjson", kind: .rows, sequence: sequence))
      if FileManager.default.fileExists(atPath: path + "/" + number + ".sig") {
        covered.append(Covered(path: number + ".sig", kind: .signature, sequence: sequence))
      }
    }
    return covered.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  // MARK: Verification

  func verify(
    head: Digest256? = nil, _ change: (inout VerificationOptions) -> Void = { _ in }
  ) throws -> VerificationReport {
    var options = VerificationOptions { key, signature, message in
      withBytes(key) { VerifyingKey(hex: $0) }?
        .verifies(signature, of: message) ?? false
    }
    options.head = head
    change(&options)
    var verification = try Verification(disk: Disk(), path: path, options: options)
    return try verification.run()
  }

  /// Findings as `kind path`.
  func findings(
    head: Digest256? = nil, _ change: (inout VerificationOptions) -> Void = { _ in }
  ) throws -> [String] {
    try verify(head: head, change).findings.map { "\($0.kind.rawValue) \($0.path)" }
  }
}

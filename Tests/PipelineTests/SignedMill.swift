import Crypto
import Foundation
import History
import Pipeline
import TestSupport
import Testing

/// A mill with keys and a witness.
extension Mill {
  /// Makes a key of this name.
  @discardableResult
  func key(_ name: String) throws -> SigningKey {
    let key = try SigningKey.generate()
    try folder.write(name + ".pem", key.pem)
    return key
  }

  /// An output that signs with these keys, from a head on.
  func signed(
    _ key: String?, previous: String? = nil, from head: String? = nil, witness: Bool = false,
    heartbeat: Bool = true
  ) -> String {
    var output = "{ archive: \"ARCHIVE\", heartbeat: \(heartbeat)"
    if let key { output += ", signing_key: { file: \"\(folder(key + ".pem"))\" }" }
    if let previous {
      output += ", previous_signing_key: { file: \"\(folder(previous + ".pem"))\" }"
    }
    if let head { output += ", signing_from: \"\(head)\"" }
    if witness { output += ", witness: \"\(folder("witness"))\"" }
    return output + " }"
  }

  /// One more commit, of a run with nothing to read.
  @discardableResult
  func night(
    _ key: String?, previous: String? = nil, from head: String? = nil, witness: Bool = false
  ) throws -> RunSummary {
    try folder.write("empty", [])
    let output = signed(key, previous: previous, from: head, witness: witness)
    return try run(try definition(output: output), ["empty"]).summary
  }

  /// The message with which such a run ends, and what kind of error it is.
  func refusal(
    _ key: String?, previous: String? = nil, from head: String? = nil, witness: Bool = false
  ) -> (kind: ArchiveError.Kind?, text: String) {
    let before = files
    do {
      _ = try night(key, previous: previous, from: head, witness: witness)
      return (nil, "published")
    } catch {
      #expect(files == before)
      return ((error as? ArchiveError)?.kind, "\(error)")
    }
  }

  // MARK: What somebody does to the archive

  /// Keeps a copy of a folder.
  func keep(_ name: String, as copy: String) throws {
    try? FileManager.default.removeItem(atPath: folder(copy))
    try FileManager.default.copyItem(atPath: folder(name), toPath: folder(copy))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder(name)) }

  /// The path of a file of a manifest, relative to the mill's folder.
  func manifest(_ sequence: Int, _ ending: String) -> String {
    "archive/_trailmill/manifests/" + String(format: "%012d", sequence) + ending
  }

  /// The path of a file of the witness, relative to the mill's folder.
  func witness(_ sequence: Int) -> String {
    "witness/" + String(format: "%012d", sequence) + ".json"
  }
}

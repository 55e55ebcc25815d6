package import Bytes
internal import Disk
package import History

/// Something that is not as the history of an archive says.
package struct VerificationFinding: Equatable, Sendable {
  /// What is wrong.
  package enum Kind: String, CaseIterable, Sendable {
    /// A covered file is not there, nor is its content anywhere else.
    case missing
    /// A covered file has other content of the same or a larger size.
    case altered
    /// A covered file is smaller than it was.
    case truncated
    /// A file that no manifest speaks of.
    case added
    /// A covered file is not there, and its content lies under another name.
    case moved
    /// Two covered files have each other's content.
    case swapped
    /// A manifest contradicts itself or those before it.
    case inconsistent
    /// No manifest has the digest that the caller knows.
    case head
    /// There are files of commits after the newest manifest.
    case cut
    /// A manifest has no signature though earlier ones have.
    case unsigned
    /// A signature does not fit, or is by a key that is not trusted.
    case signature
    /// A file of the witness contradicts the archive.
    case witness
    /// An archived delivery has a signature that is not by the secret.
    case forged
    /// A file cannot be read, or a folder not be looked into.
    case unreadable
  }

  /// What is wrong.
  package var kind: Kind
  /// Where, relative to the archive.
  package var path: String
  /// What should be there.
  package var expected: String
  /// What is there.
  package var found: String

  /// A finding.
  package init(kind: Kind, path: String, expected: String, found: String) {
    self.kind = kind
    self.path = path
    self.expected = expected
    self.found = found
  }
}

/// What a verification came to.
package struct VerificationReport: Sendable {
  /// Findings of one kind that are kept: 10,000. The others are counted.
  package static let mostOfKind = 10_000

  /// What is wrong, by path: the first of each kind.
  package var findings: [VerificationFinding] = []
  /// How many more there are, by kind.
  package var more: [VerificationFinding.Kind: Int] = [:]
  /// What is worth knowing and no fault.
  package var notes: [String] = []
  /// Manifests that should be there.
  package var manifests = 0
  /// Published parts that were not taken out.
  package var parts = 0
  /// Bytes in the published files that were not taken out.
  package var bytes: Int64 = 0
  /// Records in those parts.
  package var records = 0
  /// Files that cannot be checked because of a finding, or because their manifest came meanwhile.
  package var unchecked = 0
  /// SHA-256 of the newest header; nil if it is gone or there is none.
  package var head: Digest256?

  /// How much is wrong.
  package var count: Int { findings.count + more.values.reduce(0, +) }

  /// Sorts the findings, and keeps the first of each kind.
  mutating func arrange() {
    findings.sort {
      $0.path == $1.path
        ? $0.kind.rawValue < $1.kind.rawValue : precedesInBytes($0.path, $1.path)
    }
    var kept: [VerificationFinding.Kind: Int] = [:]
    findings.removeAll { finding in
      guard kept[finding.kind, default: 0] < VerificationReport.mostOfKind else {
        more[finding.kind, default: 0] += 1
        return true
      }
      kept[finding.kind, default: 0] += 1
      return false
    }
  }
}

/// What a verification is to look at.
package struct VerificationOptions: Sendable {
  /// True if this key made this signature of the message; the key in hexadecimal.
  package typealias SignatureCheck =
    @Sendable (_ publicKey: String, _ signature: ByteView, _ message: ByteView) -> Bool

  /// The digest of the newest header at some time, from a place that nobody could tamper with.
  package var head: Digest256?
  /// Contents are read only of files whose commit was at this time or later.
  package var since: Timestamp?
  /// Contents are not read, sizes are compared.
  package var isQuick = false
  /// The public key that is trusted, in lower-case hexadecimal: every commit has to be signed by it, or by
  /// one that it is tied to by endorsements.
  package var publicKey: String?
  /// The head of the newest commit that is rightly not signed by it.
  package var signingFrom: Digest256?
  /// The files of the archive's witness, as they were before the archive was looked at.
  package var witness: WitnessFolder?
  /// Workers that read contents.
  package var threads = 1
  /// Checks signatures.
  package var verifiesSignature: SignatureCheck

  /// Everything, without a head that is known.
  package init(verifiesSignature: @escaping SignatureCheck) {
    self.verifiesSignature = verifiesSignature
  }
}

extension VerificationFinding {
  /// What is wrong with which file, whatever was found there.
  struct Subject: Hashable {
    let kind: Kind
    let path: String
  }

  var subject: Subject { Subject(kind: kind, path: path) }
}

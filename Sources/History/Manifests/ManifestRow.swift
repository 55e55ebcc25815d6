package import Bytes
package import Trail

/// A row of a manifest, as it was read: see `ManifestRows` for what each kind holds.
package struct ManifestRow: Sendable {
  /// What a row is about. The raw value is its name in manifests.
  package enum Kind: Hashable, Sendable, RawRepresentable {
    /// A file that the commit publishes.
    case file(FileKind)
    /// The definition's file.
    case definition
    /// A lookup table.
    case table
    /// The pointers to account, actor, time and so on in the events.
    case dialect
    /// The members that were added to the events.
    case added
    /// How the folders of the commit's parts were chosen.
    case layout
    /// The first commit that is signed with another key.
    case signingKey
    /// An input that was read.
    case input
    /// A file that was taken out.
    case retired
    /// A window of time whose files may not be taken out.
    case hold
    /// The end of a hold.
    case release

    /// All but the kinds of files.
    package static let others: [Kind] = [
      .definition, .table, .dialect, .added, .layout, .signingKey, .input, .retired, .hold,
      .release,
    ]

    package init?(rawValue: String) {
      if let file = FileKind(rawValue: rawValue) {
        self = .file(file)
      } else if let kind = Kind.others.first(where: { $0.rawValue == rawValue }) {
        self = kind
      } else {
        return nil
      }
    }

    package var rawValue: String {
      switch self {
      case .file(let kind): kind.rawValue
      case .definition: "definition"
      case .table: "table"
      case .dialect: "dialect"
      case .added: "added"
      case .layout: "layout"
      case .signingKey: "signing_key"
      case .input: "input"
      case .retired: "retired"
      case .hold: "hold"
      case .release: "release"
      }
    }

    /// The kind of file that the row publishes; nil if it publishes none.
    package var file: FileKind? { if case .file(let kind) = self { kind } else { nil } }
  }

  /// What the row is about.
  package var kind: Kind
  /// Path of a file, name of an input or hold, or template of a layout.
  package var path: String
  /// Where a published file waits for its name, relative to the commit's folder in staging.
  package var staged: String?
  /// Bytes as stored.
  package var bytes: Int64
  /// Digest of those bytes.
  package var sha256: Digest256?
  /// RFC 6962 root over a part's records.
  package var merkleRoot: Digest256?
  /// Records in the file.
  package var records: Int
  /// The earliest event in a part; the beginning of a hold.
  package var firstTime: Timestamp?
  /// The latest event in a part; the end of a hold.
  package var lastTime: Timestamp?
  /// Why something was taken out or is held.
  package var reason: String?
  /// Members that few kinds of rows have, kept out of those that are many.
  indirect enum Detail: Sendable {
    case input(RecordedInput)
    case signingKey(SigningKeyChange)
    case dialect(Dialect)
    case added(AddedMembers)
    case addedBy(Int)
    case movedOut
    case blocksRoot(Digest256)
    case digests(blocksRoot: Digest256?, days: EventDays.Claim)
  }

  var detail: Detail?

  /// The input of a row about one.
  package var input: RecordedInput? {
    if case .input(let facts) = detail { facts } else { nil }
  }

  /// The dialect of a row about one.
  package var dialect: Dialect? {
    if case .dialect(let dialect) = detail { dialect } else { nil }
  }

  /// The members of a row about what was added.
  package var added: AddedMembers? {
    if case .added(let members) = detail { members } else { nil }
  }

  /// Of a part whose events another commit made: the number of that one, whose row about what was added holds
  /// for them.
  package var addedBy: Int? { if case .addedBy(let sequence) = detail { sequence } else { nil } }

  /// True for a part that was taken out and has left its place: see `PartNames.retired`.
  package var isMovedOut: Bool { if case .movedOut = detail { true } else { false } }

  /// RFC 6962 root over the blocks of 64 KiB of a file that ends with their hashes; nil of any other file.
  package var blocksRoot: Digest256? {
    switch detail {
    case .blocksRoot(let root): root
    case .digests(let root, _): root
    default: nil
    }
  }

  /// What the row of a file of digests says of the days of their events.
  package var daysClaim: EventDays.Claim {
    if case .digests(_, let claim) = detail { claim } else { .nothing }
  }

  /// The days of the events whose digests are in the file; nil if nobody knows.
  package var days: EventDays? { if case .days(let days) = daysClaim { days } else { nil } }

  /// The change of a row about a signing key.
  package var signingKey: SigningKeyChange? {
    if case .signingKey(let change) = detail { change } else { nil }
  }
}

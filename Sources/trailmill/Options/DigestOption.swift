internal import Bytes
internal import CommandLine

extension OptionKind where Value == Digest256 {
  /// The digest of a manifest.
  static var digest: Self {
    Self("DIGEST", demand: "must be 64 hexadecimal digits") { text, _ in
      var text = text
      return text.withUTF8 { Digest256(hex: $0) }
    }
  }
}

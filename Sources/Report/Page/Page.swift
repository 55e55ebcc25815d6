internal import Crypto
package import Bytes
package import Codec

/// A report as one page that needs nothing but itself.
///
/// Whoever writes events chooses what stands in them. So data lies in an element that no browser runs, with
/// every character escaped that could end it; the script puts it on the screen as text, never as markup; and
/// the policy lets run only the script, and apply only the style, that have the digests named in it.
package enum Page {
  /// Appends the page.
  package static func append(
    _ figures: ReportFigures, to page: inout ByteBuffer
  ) throws(CodecError) {
    var data = ByteBuffer(capacity: 1 << 20)
    try PageData.append(figures, to: &data)
    let (style, script) = (PageFiles.style, PageFiles.script)
    for piece in PageFiles.document {
      page.append(piece.text)
      switch piece.place {
      case .policy: page.append(utf8: policy(script: script, style: style))
      case .style: page.append(style)
      case .data: append(escaped: data.view, to: &page)
      case .script: page.append(script)
      case nil: break
      }
    }
  }

  /// The content-security policy.
  static func policy(script: [UInt8], style: [UInt8]) -> String {
    "default-src 'none'; script-src '\(digest(script))'; style-src '\(digest(style))'; "
      + "img-src data:; base-uri 'none'; form-action 'none'"
  }

  private static func digest(_ text: [UInt8]) -> String {
    let digest = text.withUnsafeBufferPointer { SHA256.digest($0) }
    var base64 = ByteBuffer(capacity: 64)
    digest.withBytes { Base64.append(encoding: $0, to: &base64) }
    return "sha256-" + String(decoding: base64.view, as: UTF8.self)
  }

  /// Appends JSON so that nothing in it can end the element that it lies in, or be taken for markup. Outside
  /// of strings JSON has none of these characters.
  static func append(escaped json: ByteView, to page: inout ByteBuffer) {
    page.reserve(json.count + json.count / 8)
    var plain = 0
    var at = 0
    while at < json.count {
      let escape: StaticString
      var length = 1
      switch json[at] {
      case UInt8(ascii: "<"): escape = "\\u003c"
      case UInt8(ascii: ">"): escape = "\\u003e"
      case UInt8(ascii: "&"): escape = "\\u0026"
      case 0xE2 where at + 2 < json.count && json[at + 1] == 0x80 && json[at + 2] & 0xFE == 0xA8:
        escape = json[at + 2] == 0xA8 ? "\\u2028" : "\\u2029"
        length = 3
      default:
        at += 1
        continue
      }
      page.append(ByteView(rebasing: json[plain..<at]))
      page.append(escape)
      at += length
      plain = at
    }
    page.append(ByteView(rebasing: json[plain...]))
  }
}

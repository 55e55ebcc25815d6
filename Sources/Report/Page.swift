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
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    page.append(utf8: "<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">\n")
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    page.append("<meta name=\"referrer\" content=\"no-referrer\">\n")
    page.append("<meta name=\"color-scheme\" content=\"light dark\">\n")
    page.append("<title>Activity</title>\n<style>")
    page.append(utf8: PageStyle.text)
    page.append("</style>\n</head>\n<body>\n")
    page.append(utf8: PageMarkup.text)
    page.append("<script type=\"application/json\" id=\"data\">")
    append(escaped: data.view, to: &page)
    page.append("</script>\n<script>")
    page.append(utf8: script)
    page.append("</script>\n</body>\n</html>\n")
  }

  static var script: String { PageScript.text }

  /// The content-security policy.
  static var policy: String {
    "default-src 'none'; script-src '\(digest(script))'; style-src '\(digest(PageStyle.text))'; "
      + "img-src data:; base-uri 'none'; form-action 'none'"
  }

  private static func digest(_ text: String) -> String {
    var text = text
    let digest = text.withUTF8 { SHA256.digest($0) }
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

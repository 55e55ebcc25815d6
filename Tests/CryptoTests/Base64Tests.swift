import Crypto
import Bytes
import Foundation
import TestSupport
import Testing

@Suite struct Base64Tests {
  func decode(_ text: String) -> [UInt8]? {
    var buffer = ByteBuffer()
    buffer.append(0x21)
    let count = withBytes(text) { Base64.append(decoding: $0, to: &buffer) }
    #expect(buffer.count == 1 + (count ?? 0))
    return count == nil ? nil : Array(buffer.bytes.dropFirst())
  }

  // RFC 4648, section 10.
  @Test(
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func publishedVectors(_ text: String, _ encoded: String) {
    var buffer = ByteBuffer()
    withBytes(text) { Base64.append(encoding: $0, to: &buffer) }
    #expect(String(decoding: buffer.view, as: UTF8.self) == encoded)
    #expect(decode(encoded) == Array(text.utf8))
  }

  @Test(
    arguments: [
      "Z", "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm9v\n", "Zm 9v", "Zm9v====", "Zg==Zm9v",
      "Zh==", "Zm9=", "Zm-_", "Zm9\u{e9}", "Zm=v", "Z=g=", "\0\0\0\0",
    ])
  func anythingElseIsRefused(_ text: String) {
    #expect(decode(text) == nil)
  }

  @Test func agreesWithFoundation() {
    var generator = SeededGenerator(seed: 1)
    for count in 0..<100 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let encoded = Data(bytes).base64EncodedString()
      #expect(decode(encoded) == bytes)
      var buffer = ByteBuffer()
      bytes.withUnsafeBufferPointer { Base64.append(encoding: $0, to: &buffer) }
      #expect(String(decoding: buffer.view, as: UTF8.self) == encoded)
    }
  }
}

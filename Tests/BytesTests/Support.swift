import Bytes

extension ByteBuffer {
  var text: String { String(decoding: view, as: UTF8.self) }
}

import Bytes
import Settings
import Testing

func parse(_ text: String) throws(SettingsError) -> JSON5Value {
  try parse(Array(text.utf8))
}

func parse(_ bytes: [UInt8]) throws(SettingsError) -> JSON5Value {
  let result = bytes.withUnsafeBufferPointer { view in
    Result { () throws(SettingsError) in try JSON5.parse(view, file: "a.json5") }
  }
  return try result.get()
}

/// What `body` says is wrong, with its place; nil if it does not throw.
func complaint<Ignored>(_ body: () throws -> Ignored) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return "\(error)"
  }
}

func json(_ value: JSON5Value) throws -> String {
  var buffer = ByteBuffer()
  try value.json(into: &buffer)
  return String(decoding: buffer.view, as: UTF8.self)
}

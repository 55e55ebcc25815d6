import Bytes
import JSONText
import Settings

// Whatever the definition: it is read or refused with a place inside the file, and what was read
// can be written as JSON, which reads the same again.

private func json(_ value: JSON5Value) -> [UInt8]? {
  var buffer = ByteBuffer()
  do throws(SettingsError) {
    try value.json(into: &buffer)
  } catch {
    return nil
  }
  return buffer.bytes
}

private func isJSON(_ bytes: [UInt8]) -> Bool {
  let scanner = Scanner(PointerSet([]))
  return bytes.withUnsafeBufferPointer { bytes in
    withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) { field in
      guard let base = field.baseAddress else { return false }
      return scanner.scanWhole(bytes, fields: base).fault == .none
    }
  }
}

func fuzz(_ input: ByteView) {
  let value: JSON5Value
  do throws(SettingsError) {
    value = try JSON5.parse(input, file: "f")
  } catch {
    check(!error.description.isEmpty, "a refusal says why")
    return
  }
  guard let once = json(value) else { return }
  check(isJSON(once), "what is printed is JSON: \(once.withUnsafeBufferPointer(text))")
  do throws(SettingsError) {
    let again = try once.withUnsafeBufferPointer { bytes throws(SettingsError) in
      try JSON5.parse(bytes, file: "f")
    }
    check(json(again) == once, "printing is stable")
  } catch {
    check(false, "what is printed can be read: \(error)")
  }
}

import Bytes

// What is read can be written and read again; its fields are in range; a date is a midnight.

private func written(_ body: (inout ByteBuffer) -> Void) -> [UInt8] {
  var buffer = ByteBuffer()
  body(&buffer)
  return buffer.bytes
}

func fuzz(_ input: ByteView) {
  let read = [
    Timestamp(rfc3339: input), Timestamp(date: input), Timestamp(number: input),
  ]
  if let midnight = read[1] { check(midnight.microseconds % 86_400_000_000 == 0, "midnight") }
  for time in read {
    guard let time else { continue }
    let civil = time.civil
    check((1...9999).contains(civil.year) && (1...12).contains(civil.month), "year and month")
    check((1...31).contains(civil.day) && (0...23).contains(civil.hour), "day and hour")
    check((0...59).contains(civil.minute) && (0...59).contains(civil.second), "minute and second")
    check((0..<1_000_000).contains(civil.microsecond), "microsecond")
    let text = written { time.append(rfc3339To: &$0) }
    check(text.withUnsafeBufferPointer { Timestamp(rfc3339: $0) } == time, "round trip")
    let date = written { time.append(dateTo: &$0) }
    let day = date.withUnsafeBufferPointer { Timestamp(date: $0) }
    guard let day else { return check(false, "the date is one") }
    let sinceMidnight = time.microseconds - day.microseconds
    check((0..<86_400_000_000).contains(sinceMidnight), "the date is that of the time")
    check(Timestamp(microseconds: time.microseconds) == time, "microseconds round trip")
  }
}

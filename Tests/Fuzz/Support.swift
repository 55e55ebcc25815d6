// Compiled into every fuzz target. A target is one function, `fuzz`, which takes any bytes and
// checks what must hold for them.

import Bytes

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // A copy of the exact size, so that the sanitizer sees a read past the end.
  let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
  defer { copy.deallocate() }
  if let data, count > 0 { copy.baseAddress?.initialize(from: data, count: count) }
  fuzz(ByteView(copy))
  return 0
}

/// Ends the process, with the input written down by libFuzzer, if something does not hold.
func check(_ holds: Bool, _ claim: @autoclosure () -> String) {
  if !holds { fatalError("does not hold: \(claim())") }
}

/// Hands out the first bytes of an input as small numbers; the rest is the input proper.
struct Choices {
  private(set) var rest: ByteView

  init(_ input: ByteView) { rest = input }

  mutating func next() -> Int {
    guard let first = rest.first else { return 0 }
    rest = ByteView(rebasing: rest.dropFirst())
    return Int(first)
  }
}

func text(_ view: ByteView) -> String { String(decoding: view, as: UTF8.self) }

import Bytes
import Codec

// Any bytes in any pieces, with any limit on what comes out at a time: the text, the places where frames end
// and the error are always the same.

private struct Outcome: Equatable {
  var text: [UInt8] = []
  var ends: [Int] = []
  var consumed = 0
  var error: CodecError?
}

/// Frames may hold a thousand times of what they take.
private let longestText = 8 << 20

private func decode(
  _ decoder: inout MemberDecoder, _ stream: ByteView, pieces: (Int) -> Int, limit: (Int) -> Int
) -> Outcome? {
  var outcome = Outcome()
  var output = ByteBuffer()
  do throws(CodecError) {
    try decoder.begin(.zstd)
    guard try feed(&decoder, stream, pieces, limit, &output, &outcome.ends) else { return nil }
    outcome.consumed = decoder.consumed
  } catch {
    outcome.error = error
    check(error.damage?.delivered == output.count, "what was delivered is in the output")
    check((error.damage?.offset ?? .max) <= stream.count, "damage is in the stream")
    check(error.damage?.verified ?? .max <= output.count, "what was verified was delivered")
  }
  outcome.text = output.bytes
  return outcome
}

private func feed(
  _ decoder: inout MemberDecoder, _ stream: ByteView, _ pieces: (Int) -> Int,
  _ limit: (Int) -> Int, _ output: inout ByteBuffer, _ ends: inout [Int]
) throws(CodecError) -> Bool {
  var at = 0
  var round = 0
  while at < stream.count {
    let end = min(stream.count, at + max(1, pieces(round)))
    while true {
      round += 1
      let before = output.count
      let allowed = max(1, limit(round))
      let rest = ByteView(rebasing: stream[at..<end])
      let step = try decoder.decode(rest, into: &output, limit: allowed)
      check(step.consumed >= 0 && step.consumed <= rest.count, "consumed no more than given")
      check(output.count - before <= allowed, "no more than the limit")
      at += step.consumed
      if step.state == .memberEnd { ends.append(at) }
      guard output.count < longestText else { return false }
      if at == end && step.state != .outputFull { break }
      check(step.state != .needsInput, "input was left over")
    }
  }
  try decoder.finish()
  return true
}

private func frame(_ text: ByteView, level: Int) -> [UInt8] {
  var output = ByteBuffer()
  do throws(CodecError) {
    let compressor = try Compressor(Compression(format: .zstd, level: level))
    try compressor.compress(text, into: &output)
  } catch {
    check(false, "compression failed: \(error)")
  }
  return output.bytes
}

/// A frame of raw blocks, whose headers and places a mutation may reach.
private func rawFrame(_ text: ByteView, window: Int, size: Int) -> [UInt8] {
  var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, UInt8(truncatingIfNeeded: window)]
  var at = 0
  repeat {
    let count = min(text.count - at, size)
    let header = count << 3 | (at + count == text.count ? 1 : 0)
    frame += [0, 8, 16].map { UInt8(truncatingIfNeeded: header >> $0) }
    frame += text[at..<(at + count)]
    at += count
  } while at < text.count
  return frame
}

/// The input as it is, or frames made of it: whole, with one between that is skipped, with a byte spoilt, or
/// cut.
private func makeStream(_ choices: inout Choices) -> (stream: [UInt8], text: [UInt8]?) {
  let mode = choices.next() % 7
  if mode == 0 { return (Array(choices.rest), nil) }
  let place = choices.next()
  let cut = choices.next()
  let text = choices.rest
  let middle = text.count * cut / 256
  var stream = frame(ByteView(rebasing: text[..<middle]), level: place % 4 + 1)
  if mode == 2 { stream += [0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7] }
  let rest = ByteView(rebasing: text[middle...])
  // A window of 4 KiB at least is more than the text has.
  stream += mode == 3 ? rawFrame(rest, window: 16, size: max(1, place)) : frame(rest, level: 3)
  switch mode {
  case 1, 2, 3: return (stream, Array(text))
  case 4: stream[stream.count * place / 256] ^= UInt8(truncatingIfNeeded: cut | 1)
  case 5: stream.removeLast(min(stream.count, place))
  default: stream += Array(text.prefix(place))
  }
  return (stream, nil)
}

private func fuzz(_ stream: ByteView, _ sizes: [Int], expecting text: [UInt8]?) throws(CodecError) {
  var decoder = try MemberDecoder()
  let whole = decode(&decoder, stream, pieces: { _ in stream.count }, limit: { _ in 4 << 20 })
  guard let whole else { return }
  if let text {
    check(whole.error == nil && whole.text == text, "what was compressed comes back: \(whole)")
  }
  let single = decode(&decoder, stream, pieces: { _ in 1 }, limit: { _ in 4 << 20 })
  check(single == whole, "byte by byte: \(String(describing: single)) but \(whole)")
  guard whole.text.count < 1 << 16 else { return }
  let mixed = decode(
    &decoder, stream, pieces: { sizes[$0 & 3] }, limit: { sizes[($0 + 1) & 3] * 16 })
  check(mixed == whole, "in pieces: \(String(describing: mixed)) but \(whole)")
}

func fuzz(_ input: ByteView) {
  var choices = Choices(input)
  let sizes = (0..<4).map { _ in choices.next() + 1 }
  let (stream, text) = makeStream(&choices)
  stream.withUnsafeBufferPointer { stream in
    do { try fuzz(stream, sizes, expecting: text) } catch { check(false, "no libzstd: \(error)") }
  }
}

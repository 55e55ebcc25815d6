import Bytes
import Codec

// Any bytes in any pieces, with any limit on what comes out at a time: the text, the error and the
// counts are always the same.

private struct Outcome: Equatable {
  var text: [UInt8]
  var error: CodecError?
  var counts: [Int]
}

private func inflate(_ stream: ByteView, pieces: (Int) -> Int, limit: (Int) -> Int) -> Outcome {
  var output = ByteBuffer()
  var error: CodecError?
  var counts: [Int] = []
  do throws(CodecError) {
    var inflater = try Inflater()
    do throws(CodecError) {
      try feed(&inflater, stream, pieces, limit, &output)
    } catch let failure {
      error = failure
    }
    counts = [
      inflater.delivered, inflater.memberCount, inflater.lastMemberEnd, inflater.verified,
    ]
    if error == nil { counts.append(inflater.consumed) }
  } catch {
    check(false, "no memory: \(error)")
  }
  check(output.count == counts[0], "what was delivered is in the output")
  return Outcome(text: output.bytes, error: error, counts: counts)
}

private func feed(
  _ inflater: inout Inflater, _ stream: ByteView, _ pieces: (Int) -> Int, _ limit: (Int) -> Int,
  _ output: inout ByteBuffer
) throws(CodecError) {
  var at = 0
  var round = 0
  while at < stream.count {
    let end = min(stream.count, at + max(1, pieces(round)))
    while true {
      round += 1
      let before = output.count
      let allowed = max(1, limit(round))
      let rest = ByteView(rebasing: stream[at..<end])
      let step = try inflater.inflate(rest, into: &output, limit: allowed)
      check(step.consumed >= 0 && step.consumed <= rest.count, "consumed no more than given")
      check(output.count - before <= allowed, "no more than the limit")
      at += step.consumed
      if at == end && step.state != .outputFull { break }
      check(step.state != .needsInput, "input was left over")
    }
  }
  try inflater.finish()
}

private func member(_ text: ByteView, level: Int) -> [UInt8] {
  var output = ByteBuffer()
  do throws(CodecError) {
    let compressor = try Compressor(Compression(format: .gzip, level: level))
    try compressor.compress(text, into: &output)
  } catch {
    check(false, "compression failed: \(error)")
  }
  return output.bytes
}

/// The input as it is, or members made of it: whole, padded, with one byte spoilt, or cut.
private func makeStream(_ choices: inout Choices) -> (stream: [UInt8], text: [UInt8]?) {
  let mode = choices.next() % 6
  if mode == 0 { return (Array(choices.rest), nil) }
  let place = choices.next()
  let cut = choices.next()
  let text = choices.rest
  let middle = text.count * cut / 256
  var stream = member(ByteView(rebasing: text[..<middle]), level: place % 10)
  stream += member(ByteView(rebasing: text[middle...]), level: 6)
  switch mode {
  case 1: return (stream, Array(text))
  case 2: return (stream + [UInt8](repeating: 0, count: place), Array(text))
  case 3: stream[stream.count * place / 256] ^= UInt8(truncatingIfNeeded: cut | 1)
  case 4: stream.removeLast(min(stream.count, place))
  default: stream += Array(text.prefix(place))
  }
  return (stream, nil)
}

func fuzz(_ input: ByteView) {
  var choices = Choices(input)
  let sizes = (0..<4).map { _ in choices.next() + 1 }
  let (stream, text) = makeStream(&choices)
  stream.withUnsafeBufferPointer { stream in
    let whole = inflate(stream, pieces: { _ in stream.count }, limit: { _ in 1 << 20 })
    if let text {
      check(whole.error == nil && whole.text == text, "what was compressed comes back")
    }
    let single = inflate(stream, pieces: { _ in 1 }, limit: { _ in 1 << 20 })
    check(single == whole, "byte by byte: \(single) but \(whole)")
    let mixed = inflate(
      stream, pieces: { sizes[$0 & 3] }, limit: { sizes[($0 + 1) & 3] * 16 })
    check(mixed == whole, "in pieces: \(mixed) but \(whole)")
  }
}

import Bytes
import Codec
import Foundation
import TestSupport
import Testing

/// What one reading of a stream came to.
struct Reading: Equatable {
  var text: [UInt8] = []
  var memberEnds: [Int] = []
  var error: CodecError?
}

/// Reads a whole stream, giving `chunk` bytes of input and room for `limit` at a time.
func read(_ stream: [UInt8], chunk: Int = .max, limit: Int = 1 << 20) throws -> Reading {
  var inflater = try Inflater()
  var output = ByteBuffer()
  var reading = Reading()
  do {
    try stream.withUnsafeBufferPointer { all in
      var at = 0
      while true {
        let before = output.count
        let given = min(chunk, all.count - at)
        let input = ByteView(rebasing: all[at..<(at + given)])
        let (consumed, state) = try inflater.inflate(input, into: &output, limit: limit)
        at += consumed
        #expect(output.count - before <= limit)
        #expect(inflater.consumed == at)
        if state == .memberEnd { reading.memberEnds.append(inflater.lastMemberEnd) }
        if state == .needsInput, at == all.count { break }
      }
      try inflater.finish()
    }
  } catch let error as CodecError {
    reading.error = error
  }
  #expect(inflater.delivered == output.count)
  reading.text = output.bytes
  return reading
}

/// `text` as one member.
func compressed(_ text: [UInt8], _ compression: Compression = Compression()) throws -> [UInt8] {
  let compressor = try Compressor(compression)
  var output = ByteBuffer()
  try text.withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
  return output.bytes
}

/// Text that compresses as records do: `count` bytes that repeat themselves with changes.
func sampleText(_ count: Int, seed: UInt64) -> [UInt8] {
  var random = SeededGenerator(seed: seed)
  var text: [UInt8] = []
  text.reserveCapacity(count + 64)
  while text.count < count {
    let state = random.next()
    text += Array(#"{"action":"run.\#(state >> 60)","id":"\#(state >> 33)"}"#.utf8)
  }
  return Array(text.prefix(count))
}

var libdeflateIsInstalled: Bool {
  (try? Compression(library: .libdeflate).check()) != nil
}

var zstdIsInstalled: Bool { (try? Compression(format: .zstd).check()) != nil }

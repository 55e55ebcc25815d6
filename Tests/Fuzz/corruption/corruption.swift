import Bytes
import Disk
import Engine
import Glibc
import Intake
import JSONText
import Trail

// Damage in one place of a document of records costs the records that it touches, and no byte, and makes no
// record of what one holds. The input is
// no document but a seed: of each, a hundred documents are made.

private let dialect = Dialect.builtIn["spacelift"] ?? Dialect(name: "none", pointers: [:])
private let path = "/dev/shm/trailmill-corruption-\(getpid())"
private let documentsPerSeed = 100

nonisolated(unsafe) private let batch: Batch = {
  var table = PointerTable()
  _ = RecordReader(settings: InputSettings(), dialect: dialect, table: &table)
  return Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
}()

private func settings(_ form: String) -> InputSettings {
  var settings = InputSettings()
  settings.envelope = .never
  settings.format = InputFormat(rawValue: form) ?? .auto
  if form == "records" || form == "documents" { settings.records = try? JSONPointer("/r/*") }
  return settings
}

/// The records that are kept and where, and the bytes that are neither in those, nor in the quarantine, nor
/// between them.
private func read(_ bytes: [UInt8], _ settings: InputSettings) throws -> (
  kept: Set<String>, places: [Range<Int>], lost: Int
) {
  let file = try Disk().createTruncating(path)
  try bytes.withUnsafeBufferPointer { try file.write(all: $0) }
  try file.close()
  let source = try InputSource(
    disk: Disk(), inputs: [path], settings: settings, digestsInputs: false, tailWaits: false)
  var table = PointerTable()
  let reader = RecordReader(settings: settings, dialect: dialect, table: &table)
  var kept: Set<String> = []
  var places: [Range<Int>] = []
  var lost = bytes.count
  batch.clear()
  while try source.fill(batch) {
    reader.process(batch, step: 0)
    for index in 0..<batch.records.count {
      lost -= Int(batch.records[index].raw.count)
      if batch.records[index].verdict == .keep {
        let raw = batch.records[index].raw
        kept.insert(text(batch.bytes[raw]))
        let start = batch.inputOffset + Int(raw.start)
        places.append(start..<start + Int(raw.count))
      }
    }
    lost -= batch.syntaxBytes
    batch.clear()
  }
  for facts in source.facts { lost -= facts.syntaxBytes + facts.besideBytes }
  return (kept, places, lost)
}

func fuzz(_ input: ByteView) {
  // FNV-1a.
  var seed: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in input { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3 }
  var random = SeededGenerator(seed: seed)
  for _ in 0..<documentsPerSeed {
    let form = random.pick(DamagedDocument.forms)
    let document = DamagedDocument(form, &random)
    let (bytes, touched) = document.damaged(&random)
    do {
      let (kept, places, lost) = try read(bytes, settings(form))
      check(
        lost == 0,
        "\(form): \(lost) bytes are unaccounted for: \(String(decoding: bytes, as: UTF8.self))")
      for index in document.untouched(by: touched, in: bytes) {
        let record = document.text(index)
        check(
          kept.contains(record) || kept.contains { $0.contains(record) },
          "\(form): \(record) is lost, damage at \(touched): \(String(decoding: bytes, as: UTF8.self))"
        )
      }
      for place in places where document.isForged(place, by: touched, in: bytes) {
        check(
          false,
          "\(form): \(place) is a record, damage at \(touched): \(String(decoding: bytes, as: UTF8.self))"
        )
      }
    } catch {
      check(false, "\(error)")
    }
  }
}

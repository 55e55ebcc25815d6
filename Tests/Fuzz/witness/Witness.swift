import Bytes
import History

// Whoever may write into the folder of a witness chooses what its files hold. Whatever that is, reading it
// ends; what is a record is written and read as the same; and no text is both a record and what a crash has
// left of one.

private let head = Digest256(1, 2, 3, 4)

func fuzz(_ input: ByteView) {
  let record = WitnessRecord(input, sequence: 12)
  let isTorn = WitnessRecord.isBeginning(Array(input), sequence: 12, head: head)
  guard let record else { return }
  check(!isTorn, "a record is whole")
  check(record.sequence == 12, "it is of the commit that it is called by")
  _ = record.isSigned
  let text = record.text
  let again = text.withUnsafeBufferPointer { WitnessRecord($0, sequence: 12) }
  check(again == record, "what is written is read")
  for length in 0..<text.count {
    let torn = Array(text.prefix(length))
    check(
      WitnessRecord.isBeginning(torn, sequence: 12, head: record.head),
      "its beginning is one: \(length)")
  }
}

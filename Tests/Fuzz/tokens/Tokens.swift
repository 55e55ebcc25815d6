import Bytes
import JSONText
import Trail

// Whatever the bytes: cuts lie in order inside the text, and once they are made there is nothing left to cut;
// of tokens alone, and of all secrets in JSON, which stays JSON. And a secret that some chain of encoders has
// written into other text is always found.

func fuzz(_ input: ByteView) {
  var choices = Choices(input)
  let wantsJSON = choices.next() & 1 == 1
  let text = choices.rest
  // What is said of JSON is said of valid JSON.
  let isJSON = wantsJSON && isValid(text)
  var tokens = TokenText()
  let found = tokens.find(in: text, isJSON: isJSON)
  check(found == (tokens.cuts.count > 0), "says whether there is something to cut")
  var end = 0
  for cut in tokens.cuts {
    check(Int(cut.start) >= end && cut.end <= text.count && !cut.isEmpty, "cuts in their order")
    end = cut.end
  }
  var left = ByteBuffer()
  tokens.append(text, to: &left)
  check(left.count <= text.count, "cutting never lengthens")
  var again = TokenText()
  check(!again.find(in: left.view, isJSON: isJSON), "nothing is left to cut")
  if isJSON { fuzzSecrets(text) }
  fuzzHiddenSecret(text)
}

/// A secret, its text and its encoders, all at random: the input is the seed.
private func fuzzHiddenSecret(_ input: ByteView) {
  var random = SeededGenerator(seed: input.reduce(0) { $0 &* 0x100_0000_01B3 ^ UInt64($1) })
  let hidden = HiddenSecret(&random)
  var secrets = SecretText(plan)
  Array("{\"v\":\"\(hidden.text)\"}".utf8).withUnsafeBufferPointer { event in
    check(secrets.find(in: event), "finds \(hidden.secret) in \(text(event))")
    var left = ByteBuffer()
    secrets.append(event, to: &left)
    check(isValid(left.view), "what is left is JSON")
    check(
      !hidden.isThere(in: text(left.view)), "nothing is left of \(hidden.secret) in \(text(event))")
  }
}

private let plan = SecretPlan()

private func fuzzSecrets(_ text: ByteView) {
  var secrets = SecretText(plan)
  guard secrets.find(in: text) else { return }
  var end = 0
  for cut in secrets.cuts {
    check(Int(cut.span.start) >= end && cut.span.end <= text.count, "cuts in their order")
    end = cut.span.end
  }
  var left = ByteBuffer()
  secrets.append(text, to: &left)
  check(isValid(left.view), "what is left is JSON")
  var again = SecretText(plan)
  check(!again.find(in: left.view), "no secret is left")
}

private func isValid(_ text: ByteView) -> Bool {
  var field = Field.missing
  return Scanner(PointerSet([])).scanWhole(text, fields: &field).fault == .none
}

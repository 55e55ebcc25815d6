import Bytes
import Engine
import JSONText
import Trail

// Whatever the rows of a claim store: they are taken or refused, in whatever order they come a chain says the
// same, and what it says is an array of JSON with no more links than there may be.

private let policies = try? DisplayPolicies(
  [DisplayPolicy(show: ["email", "sub"])], retain: ["sub"], trustedIssuers: nil)
nonisolated(unsafe) private let places = Scanner(
  PointerSet([JSONPointer(literal: "/key_id"), JSONPointer(literal: "/token_id")]))

func fuzz(_ input: ByteView) {
  guard let policies else { return check(false, "the policies are right") }
  let lines = input.split(separator: UInt8(ascii: "\n")).map { ByteView(rebasing: $0) }
  var accepted: [ByteView] = []
  var loader = ClaimStoreLoader(policies, skew: 60_000_000)
  for line in lines where take(line, &loader) { accepted.append(line) }
  let store = loader.finish()
  guard store.hasChains else { return }
  var turned = ClaimStoreLoader(policies, skew: 60_000_000)
  for line in accepted.reversed() { check(take(line, &turned), "what was taken is taken again") }
  let other = turned.finish()
  for line in accepted {
    guard let (key, token) = names(line) else { continue }
    let story = follow(key, token, in: store)
    check(story == follow(key, token, in: other), "the order of rows does not matter")
  }
}

private func take(_ line: ByteView, _ loader: inout ClaimStoreLoader) -> Bool {
  do { try loader.add(line, line: 1) } catch {
    check(!error.reason.isEmpty, "a refusal says why")
    return false
  }
  return true
}

private func names(_ line: ByteView) -> (key: [UInt8], token: [UInt8])? {
  var fields = [Field](repeating: .missing, count: 2)
  let scan = fields.withUnsafeMutableBufferPointer { fields in
    fields.baseAddress.map { places.scanWhole(line, fields: $0) }
  }
  guard scan?.fault == ScanFault.none else { return nil }
  var key = ByteBuffer()
  var token = ByteBuffer()
  guard fields[0].appendText(in: line, to: &key), fields[1].appendText(in: line, to: &token) else {
    return nil
  }
  return (key.bytes, token.bytes)
}

private func follow(_ key: [UInt8], _ token: [UInt8], in store: ClaimStore) -> String {
  var chain = ClaimChain()
  let answer = key.withUnsafeBufferPointer { key in
    token.withUnsafeBufferPointer { token in
      store.find(token: token, key: key, at: Record.noTime, PolicySelector())
    }
  }
  let root = chain.follow(answer, in: store, PolicySelector())
  if !chain.text.isEmpty {
    var links = 0
    let scan = Scanner(.everyElement).collect(chain.text) { _ in links += 1 }
    check(scan.fault == .none && scan.kind == .array, "a chain is an array: \(text(chain.text))")
    // A token may say that more act with it than are told.
    check(links <= 2 * ClaimChain.mostLinks + 2, "a chain has an end")
  }
  return "\(root.match) \(root.flags) \(text(root.display)) \(text(root.claims)) "
    + text(chain.text)
}

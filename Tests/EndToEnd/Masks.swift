/// Puts what differs from run to run out of sight: time, speed, and digests into which the time
/// went.
enum Masks {
  static func masked(_ text: String) -> String {
    text
      .replacing(#/"seconds":[0-9.]+/#, with: "\"seconds\":…")
      .replacing(#/ in [0-9]+\.[0-9] s( \([0-9.]+ [KMG]?i?B\/s\))?/#, with: " in … s")
      .replacing(#/"head":"[0-9a-f]{64}"/#, with: "\"head\":\"…\"")
      .replacing(#/head {8}[0-9a-f]{64}/#, with: "head        …")
  }
}

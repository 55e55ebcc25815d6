/// Puts what differs from run to run out of sight: time, speed, and digests into which the time
/// went; and from zlib to zlib: how small it makes things.
enum Masks {
  static func masked(_ text: String) -> String {
    text
      .replacing(#/"seconds":[0-9.]+/#, with: "\"seconds\":…")
      .replacing(#/ in [0-9]+\.[0-9] s( \([0-9.]+ [KMG]?i?B\/s\))?/#, with: " in … s")
      .replacing(#/"bytes_out":[0-9]+/#, with: "\"bytes_out\":…")
      .replacing(#/( parts?), [0-9.]+ [KMG]?i?B\n/#) { "\($0.output.1), …\n" }
      .replacing(#/"head":"[0-9a-f]{64}"/#, with: "\"head\":\"…\"")
      .replacing(#/head( +)[0-9a-f]{64}/#) { "head\($0.output.1)…" }
  }
}

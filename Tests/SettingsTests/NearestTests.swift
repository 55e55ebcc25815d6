import Settings
import Testing

@Suite struct NearestTests {
  static let known = [
    "deduplicate", "display_actor", "flag_signals", "select", "resolve_keys", "verify_signature",
  ]

  @Test(arguments: [
    ("deduplicat", "deduplicate"), ("dedup", "deduplicate"), ("deduplicates", "deduplicate"),
    ("dispaly_actor", "display_actor"), ("display-actor", "display_actor"), ("SELECT", "select"),
    ("slect", "select"), ("resolve_key", "resolve_keys"), ("verify", "verify_signature"),
    ("select_all_of_them", "select"),
  ])
  func findsWhatWasMeant(word: String, meant: String) {
    #expect(nearest(word, in: Self.known) == meant)
  }

  @Test(arguments: ["", "x", "zzzzzz", "se", "compress"])
  func findsNothingWhereNothingIsNear(word: String) {
    #expect(nearest(word, in: Self.known) == nil)
  }

  @Test func prefersTheNearerAndThenTheFirst() {
    #expect(nearest("cat", in: ["cart", "car", "cat"]) == "cat")
    #expect(nearest("cat", in: ["bat", "hat"]) == "bat")
    #expect(nearest("ab", in: ["ba"]) == "ba")
    #expect(nearest("a", in: []) == nil)
  }

  @Test func isNotSlowedDownByLongWords() {
    let long = String(repeating: "a", count: 1_000_000)
    #expect(nearest(long, in: Self.known) == nil)
    #expect(nearest("select", in: [long]) == nil)
  }
}

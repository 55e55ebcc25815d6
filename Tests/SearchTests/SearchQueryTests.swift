import Bytes
import JSONText
import Search
import TestSupport
import Testing
import Trail

/// What a question can be ruled out by. What it finds, `Tests/Oracle/search.py` compares with a plain look
/// at the archive.
struct SearchQueryTests {
  @Test func anAddressMayBeABlock() {
    for (text, isBlock) in [
      ("10.0.0.1", true), ("10.0.0.0/8", true), ("2001:db8::/32", true), ("10.*", false),
      ("host", false),
      ("10.0.0.0/33", false),
    ] {
      var query = SearchQuery()
      query.add(.address, FilterText(text))
      if case .address = query.conditions[0] {
        #expect(isBlock, "\(text)")
      } else {
        #expect(!isBlock, "\(text)")
      }
    }
  }

  @Test func termsAreTheSameForEver() {
    func term(_ field: SearchField, _ text: String) -> UInt64 {
      withBytes(text) { SearchTerm.term(field, $0) }
    }
    // Archives hold them: whoever changes these makes every index wrong.
    #expect(term(.actor, "jane@example.com") == 13122040510949047808)
    #expect(term(.key, "jane@example.com") == 17513996135300284201)
    #expect(term(.action, "") == 11392303742345289485)
  }
}

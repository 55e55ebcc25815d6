import Bytes
import JSONText
import TestSupport
import Testing
import Trail

@testable import Search

/// What a question rules out before an event is read.
@Suite struct SearchExclusionTests {
  @Test func timesRuleOutWhatLiesOutsideOfTheWindow() {
    let query = query("10:00:00", "11:00:00")
    func mayHold(_ first: String, _ last: String) -> Bool {
      let times = [first, last].compactMap { time("2026-11-20T\($0)Z")?.microseconds }
      return query.mayHold((times[0], times[1]))
    }
    #expect(mayHold("09:00:00", "10:00:00") && !mayHold("09:00:00", "09:59:59.999999"))
    #expect(mayHold("10:59:59.999999", "12:00:00") && !mayHold("11:00:00", "12:00:00"))
    #expect(!query.mayHold(nil) && SearchQuery().mayHold(nil))
  }

  private func terms(_ condition: SearchQuery.Condition) throws -> [[UInt64]] {
    var query = SearchQuery()
    query.conditions = [condition]
    return query.terms(try dialect(), .unnoted).map { $0.map(\.value) }
  }

  private func term(_ field: SearchField, _ text: String) -> UInt64 {
    withBytes(text) { SearchTerm.term(field, $0) }
  }

  @Test func aTextHasTheTermThatEventsHave() throws {
    #expect(try terms(.field(.action, Glob("read"))) == [[term(.action, "read")]])
    #expect(
      try terms(.identity(Glob("jane"))) == [[term(.actor, "jane"), term(.key, "jane")]])
    #expect(try terms(.field(.action, Glob("re*"))) == [])
    #expect(try terms(.field(.action, Glob(""))) == [])
  }

  /// An index of the first format has the key of an event only where it was resolved.
  @Test func keysAreNewTerms() throws {
    var query = SearchQuery()
    query.conditions = [
      .field(.key, Glob("K")), .identity(Glob("K")), .field(.action, Glob("read")),
      .not(.field(.action, Glob("read"))), .field(.action, Glob("READ", ignoresCase: true)),
    ]
    let isNew = query.terms(try dialect(), .unnoted).map { $0.map(\.isNew) }
    #expect(isNew == [[true], [false, true], [false]])
  }

  @Test func aPointerHasTheTermsOfTheRoleThatStandsThereFirst() throws {
    let (first, second) = (try JSONPointer("/action"), try JSONPointer("/verb"))
    #expect(try terms(.pointer(first, Glob("read"))) == [[term(.action, "read")]])
    #expect(try terms(.text(first, "re*")) == [[term(.action, "re*")]])
    #expect(try terms(.pointer(first, Glob("re*"))) == [])
    #expect(try terms(.text(second, "read")) == [])
    #expect(
      try terms(.text(try JSONPointer("/attribution/api_key/id"), "K")) == [[term(.key, "K")]])
    #expect(try terms(.text(try JSONPointer("/ip"), "host")) == [[term(.address, "host")]])
    #expect(try terms(.text(try JSONPointer("/ip"), "10.1.2.3")).count == 2)
  }

  @Test func theIndexIsOfUseWhereSomethingHasTerms() throws {
    var query = SearchQuery()
    #expect(!query.canUseIndex(try dialect(), .unnoted))
    query.conditions = [.text(try JSONPointer("/id"), "x")]
    #expect(!query.canUseIndex(try dialect(), .unnoted))
    query.conditions.append(.text(try JSONPointer("/action"), "x"))
    #expect(query.canUseIndex(try dialect(), .unnoted) && !query.canUseIndex([:], .unnoted))
    query = SearchQuery()
    query.window = window("10:00:00", nil)
    #expect(query.canUseIndex([:], .unnoted))
  }

  @Test func theNeedleIsTheLongestTextThatEveryAnswerHas() throws {
    var query = SearchQuery()
    query.conditions = [.field(.action, Glob("re")), .field(.actor, Glob("j*"))]
    #expect(query.needle == nil)
    query.conditions += [.text(try JSONPointer("/id"), "abcd"), .field(.key, Glob("abc"))]
    query.conditions += [
      .not(.field(.actor, Glob("abcdef"))), .field(.actor, Glob("abcdef", ignoresCase: true)),
    ]
    #expect(query.needle?.text == Array("abcd".utf8))
  }
}

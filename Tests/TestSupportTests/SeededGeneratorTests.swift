import TestSupport
import Testing

@Suite struct SeededGeneratorTests {
  /// The first numbers of Vigna's splitmix64.c for the seed 1234567.
  @Test func theNumbersAreThoseOfSplitMix64() {
    var random = SeededGenerator(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func numbersStayBelowTheirBound() {
    var random = SeededGenerator(seed: 1)
    var seen: Set<Int> = []
    for _ in 0..<200 { seen.insert(random.next(below: 5)) }
    #expect(seen == [0, 1, 2, 3, 4])
    #expect((0..<100).allSatisfy { _ in !random.chance(0) && random.chance(100) })
    #expect(random.pick(["x"]) == "x")
  }
}

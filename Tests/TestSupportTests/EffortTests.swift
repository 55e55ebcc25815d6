import TestSupport
import Testing

@Suite struct EffortTests {
  private func pairs(_ elements: [Int], oneIn share: Int, isExhaustive: Bool = false) -> [[Int]] {
    Effort.pairs(of: elements, oneIn: share, isExhaustive: isExhaustive) { [$0 % 2, $1 % 2] }
      .map { [$0, $1] }
  }

  @Test func everyPairWhereAllAreAskedFor() {
    #expect(
      pairs([0, 2, 4, 6], oneIn: 100, isExhaustive: true) == [
        [0, 2], [0, 4], [0, 6], [2, 4], [2, 6], [4, 6],
      ])
  }

  @Test func theFirstPairOfEachKindIsInEverySample() {
    #expect(pairs([0, 2, 1, 3, 4], oneIn: 100) == [[0, 2], [0, 1], [1, 3], [1, 4]])
  }

  @Test func oneInSoManyOfTheOthersIsInTheSample() {
    #expect(pairs([0, 2, 4, 6, 8], oneIn: 3) == [[0, 2], [0, 8], [2, 8], [6, 8]])
    #expect(pairs([0], oneIn: 1).isEmpty)
  }
}
